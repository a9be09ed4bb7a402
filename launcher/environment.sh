# PATH, PYTHONPATH and VOLLEY_MODULES for the product in $volley_root. Plain sh, since env.sh reads it from any shell;
# reading it twice changes nothing.
# shellcheck shell=sh

case ":${PATH}:" in
  *":${volley_root}/.build/product/bin:"*) ;;
  *) PATH="${volley_root}/.build/product/bin:${PATH}" ;;
esac
case ":${PYTHONPATH-}:" in
  *":${volley_root}/.build/product/python:"*) ;;
  *) PYTHONPATH="${volley_root}/.build/product/python${PYTHONPATH:+:${PYTHONPATH}}" ;;
esac
case ":${VOLLEY_MODULES-}:" in
  *":${volley_root}/.build/modules:"*) ;;
  *) VOLLEY_MODULES="${volley_root}/.build/modules${VOLLEY_MODULES:+:${VOLLEY_MODULES}}" ;;
esac
export PATH PYTHONPATH VOLLEY_MODULES

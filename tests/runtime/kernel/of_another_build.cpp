// A module that another build has made, as far as it is asked.
extern "C" const char* volley_module_build() { return "0123456789abcdef of long ago"; }
extern "C" const void* volley_module() { __builtin_trap(); }

// A shared library that is no module.
extern "C" int some_function() { return 1; }

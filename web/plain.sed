# What is uploaded: the scripts without their comments and indentation (a quarter of their bytes), nothing else changed.
# A comment is a line of its own, or a /** type */ within a line.
/^ *(\/\/|\*)/d
s@/\*\*([^*]|\*[^/])*\*/ ?@@g
/^ *\/\*\*/d
s/^ +//
/^$/d

# Of what Maven prints: a line for each step and for each class of tests that has ended, and all that is wrong.
{ gsub(/\033\[[0-9;]*m/, "") }
/^\[/ { quiet = /^\[INFO\]/ || /Maven extensions for the Quarkus Maven plugin/ }
/^\[INFO\] --- .* @ / {
  n = split($3, part, ":")
  print "  " part[n] " ..."
}
/^\[(INFO|WARNING)\] Tests run: .* -- in / {
  sub(/.*\./, "", $17)
  printf "  %7s s  %s, %d tests\n", $13, $17, $4
  next
}
/^\[INFO\] (Total time|Tests run):/ { print "  " substr($0, 8) }
!quiet && NF { print }
{ fflush() }

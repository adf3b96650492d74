# Reads one xunit XML report: prints each failed test with its message and each skipped test with its
# reason, and last a line "counts PASSED FAILED SKIPPED". Without a whole report there are no counts.
# One record is one tag with the text behind it; xunit escapes every < and > inside text and attributes.
BEGIN { RS = "<" }

function attribute(name,    start, rest) {
  start = index($0, " " name "=\"")
  if (!start) return ""
  rest = substr($0, start + length(name) + 3)
  return substr(rest, 1, index(rest, "\"") - 1)
}

function plain(text) {
  gsub(/&#xD;|&#13;/, "", text); gsub(/&#xA;|&#10;/, "\n", text)
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "'", text)
  gsub(/&amp;/, "\\&", text)
  # xunit writes quotes and backslashes as in C.
  gsub(/\\"/, "\"", text); gsub(/\\\\/, "\\", text)
  return text
}

function content() { return plain(substr($0, index($0, ">") + 1)) }

function indented(text,    lines, count, i) {
  count = split(text, lines, "\n")
  for (i = 1; i <= count && i <= 20; i++) if (lines[i] != "") print "      " substr(lines[i], 1, 300)
}

/^assembly / {
  passed += attribute("passed"); skipped += attribute("skipped")
  failed += attribute("failed") + attribute("errors")
}
/^test / { name = plain(attribute("name")); gsub(/\n/, " ", name) }
/^error / { name = plain(attribute("name")); if (name == "") name = attribute("type") }
/^failure/ { print "  failed " name }
/^message/ { indented(content()) }
/^stack-trace/ {
  count = split(content(), frames, "\n")
  for (i = 1; i <= count; i++) if (index(frames[i], ":line ")) print "   " frames[i]
}
/^reason/ { reason = content(); gsub(/\n/, "; ", reason); print "  skipped " name ": " reason }
/^\/assemblies/ { whole = 1 }

END { if (whole) print "counts", passed + 0, failed + 0, skipped + 0 }

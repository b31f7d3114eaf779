/// Canonical JSON is one line; people read it indented.
package enum PlanText {
  package static func indented(_ json: String) -> String {
    var (text, depth, inString, escaped) = ("", 0, false, false)
    // By scalar: a sign behind a quote may join it into one character.
    for character in json.unicodeScalars {
      if inString {
        text.unicodeScalars.append(character)
        (inString, escaped) = (escaped || character != "\"", !escaped && character == "\\")
        continue
      }
      switch character {
      case "{", "[":
        depth += 1
        text += "\(character)\n" + String(repeating: "  ", count: depth)
      case "}", "]":
        depth -= 1
        text += "\n" + String(repeating: "  ", count: depth) + "\(character)"
      case ",": text += ",\n" + String(repeating: "  ", count: depth)
      case ":": text += ": "
      case "\"":
        inString = true
        text.unicodeScalars.append(character)
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}

/// Canonical JSON is one line; people read it indented.
enum PlanText {
  static func indented(_ json: String) -> String {
    var (text, depth, inString, escaped) = ("", 0, false, false)
    for character in json {
      if inString {
        text.append(character)
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
        text.append(character)
      default: text.append(character)
      }
    }
    return text
  }
}

/// Canonical JSON is one line; people read it indented.
package enum PlanText {
  package static func indented(_ json: String) -> String {
    var (text, depth, inString, escaped) = ([UInt8](), 0, false, false)
    func add(_ more: String) { text.append(contentsOf: more.utf8) }
    func breakLine() {
      text.append(UInt8(ascii: "\n"))
      for _ in 0..<depth { add("  ") }
    }
    // By byte: what JSON is built of is ASCII, and no part of any other sign.
    for byte in json.utf8 {
      if inString {
        text.append(byte)
        (inString, escaped) = (escaped || byte != UInt8(ascii: "\""), !escaped && byte == UInt8(ascii: "\\"))
        continue
      }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        text.append(byte)
        breakLine()
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        breakLine()
        text.append(byte)
      case UInt8(ascii: ","):
        text.append(byte)
        breakLine()
      case UInt8(ascii: ":"): add(": ")
      default:
        inString = byte == UInt8(ascii: "\"")
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

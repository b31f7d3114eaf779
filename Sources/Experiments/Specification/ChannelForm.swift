import JSON
import Volumes

extension Form where Value == ChannelName {
  /// A number, or a name.
  static var channel: Form {
    Form(
      scalar: [
        "oneOf": [
          ["type": "integer", "minimum": 0, "maximum": .number(Double(ChannelName.largest))],
          ["type": "string", "pattern": "\\S"],
        ]
      ],
      accept: { input throws(Refusal) in
        if case .number(let number) = input.node.content {
          guard let value = Int(exactly: number), (0...ChannelName.largest).contains(value) else {
            throw Refusal(
              .outOfRange(found: input.node.shown, allowed: "whole numbers from 0 to \(ChannelName.largest)"))
          }
          return .number(value)
        }
        guard let text = input.node.text, !text.allSatisfy(\.isWhitespace) else {
          throw Refusal(input.wrongType("a channel's number or name"))
        }
        return .name(text)
      },
      write: {
        switch $0 {
        case .number(let number): .number(Double(number))
        case .name(let name): .string(name)
        }
      })
  }
}

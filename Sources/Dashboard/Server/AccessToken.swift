/// The secret that lets a browser in: 256 random bits, in the printed address once, in a cookie afterwards.
package struct AccessToken: Sendable {
  package let text: String

  /// A new one, from the system's source of randomness.
  package init() {
    var generator = SystemRandomNumberGenerator()
    let words = (0..<4).map { _ in generator.next() as UInt64 }
    text = words.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Whether these are the same, in a time that does not tell how much of it is.
  package func matches(_ candidate: some StringProtocol) -> Bool {
    let (own, other) = (Array(text.utf8), Array(candidate.utf8))
    var difference = own.count ^ other.count
    for index in own.indices { difference |= Int(own[index] ^ (index < other.count ? other[index] : 0)) }
    return difference == 0
  }
}

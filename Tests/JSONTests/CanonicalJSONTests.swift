import Compute
import Foundation
import Testing

import JSON

@Suite struct CanonicalJSONTests {
  /// RFC 8785, Appendix B: IEEE bits and their ECMAScript text; and the largest denormal.
  static let appendixB: [(UInt64, String)] = [
    (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"),
    (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
    (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"), (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
    (0x4340_0000_0000_0000, "9007199254740992"), (0xc340_0000_0000_0000, "-9007199254740992"),
    (0x4430_0000_0000_0000, "295147905179352830000"),
    (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
    (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
    (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"), (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
    (0x444b_1ae4_d6e2_ef50, "1e+21"),
    (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
    (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
    (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
    (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
    (0x4314_3ff3_c1cb_0959, "1424953923781206.2"), (0x000f_ffff_ffff_ffff, "2.225073858507201e-308"),
  ]

  @Test(arguments: appendixB) func writesNumbersAsTheStandardsTable(bits: UInt64, text: String) {
    #expect(CanonicalJSON.text(Double(bitPattern: bits)) == text)
  }

  static let everyday: [(Double, String)] = [
    (1e-3, "0.001"), (1.0, "1"), (-1.5, "-1.5"), (1e-4, "0.0001"), (1e-8, "1e-8"), (0.1 + 0.2, "0.30000000000000004"),
    (100, "100"), (1e20, "100000000000000000000"), (123456789.125, "123456789.125"), (1e-7, "1e-7"),
    (12e-7, "0.0000012"),
    (2.2250738585072014e-308, "2.2250738585072014e-308"),
    (0.999, "0.999"), (9007199254740991, "9007199254740991"),
  ]

  @Test(arguments: everyday) func writesEverydayNumbers(number: Double, text: String) {
    #expect(CanonicalJSON.text(number) == text)
  }

  /// Every text reads back as the same bits, and no shorter digits would.
  @Test func randomNumbersRoundTripInTheFewestDigits() throws {
    var stream = RandomStream(seed: 7, purpose: .test)
    for _ in 0..<20_000 {
      let number = Double(bitPattern: UInt64(stream.nextUInt32()) << 32 | UInt64(stream.nextUInt32()))
      guard number.isFinite, number != 0 else { continue }
      let text = CanonicalJSON.text(number)
      #expect(Double(text)?.bitPattern == number.bitPattern, "\(text)")
      let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }.count
      guard digits > 1, !text.hasSuffix("0") else { continue }
      #expect(Double(String(format: "%.\(digits - 2)e", number)) != number, "\(text) has a shorter form")
    }
  }

  @Test func sortsKeysByTheirUTF16Units() {
    // RFC 8785, 3.2.3: the emoji's surrogates sort before U+FB33.
    let value: JSONValue = ["\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "😀": 5, "\u{80}": 6, "ö": 7]
    #expect(
      CanonicalJSON.text(value) == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"\u{20ac}\":1,\"😀\":5,\"\u{fb33}\":3}")
  }

  @Test func escapesOnlyWhatItMust() {
    #expect(
      CanonicalJSON.quoted("\u{8}\t\n\u{c}\r\"\\\u{0}\u{1f}\u{7f}/é😀") == #""\b\t\n\f\r\"\\\u0000\u001f"#
        + "\u{7f}/é😀\"")
  }

  @Test func prettyTextKeepsOrderAndShortLists() {
    let value: JSONValue = ["z": [1, 2], "a": [["k": 1]], "e": [:], "l": []]
    #expect(
      CanonicalJSON.pretty(value) == """
        {
          "z": [1, 2],
          "a": [
            {
              "k": 1
            }
          ],
          "e": {},
          "l": []
        }
        """)
  }

  @Test func equalityForgetsTheOrderOfMembersOnly() {
    #expect(["a": 1, "b": 2] as JSONValue == ["b": 2, "a": 1])
    #expect([1, 2] as JSONValue != [2, 1])
    #expect(["a": 1] as JSONValue != ["a": "1"])
  }

  @Test func passesThroughFoundationsCoders() throws {
    let value: JSONValue = ["a": [1.5, true, .null, "x", 0, 1], "b": ["c": []], "d": [:]]
    let data = try JSONEncoder().encode(value)
    #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
  }

  @Test func refusesNumbersThatJSONLacks() async {
    await #expect(processExitsWith: .failure) { _ = CanonicalJSON.text(Double.nan) }
  }
}

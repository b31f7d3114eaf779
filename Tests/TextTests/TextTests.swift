import Foundation
import Testing
import Text

@Suite struct QuantityTests {
  static let quantities: [(String, String)] = [
    (Quantity.bytes(0), "0 B"), (Quantity.bytes(1023), "1023 B"), (Quantity.bytes(1024), "1.00 KiB"),
    (Quantity.bytes(23 << 30), "23.0 GiB"), (Quantity.count(90_600_000_000), "90.6 G"), (Quantity.count(999), "999"),
    (Quantity.grouped(6_775_286), "6,775,286"), (Quantity.grouped(-999), "-999"), (Quantity.grouped(1000), "1,000"),
    (Quantity.of(1, "case"), "1 case"), (Quantity.of(0, "case"), "0 cases"), (Quantity.of(2, "case"), "2 cases"),
    (Quantity.seconds(0.0123), "12.3 ms"), (Quantity.seconds(1.5), "1.50 s"), (Quantity.seconds(86400), "86,400 s"),
    (Quantity.duration(0), "0.0 s"), (Quantity.duration(0.04), "0.0 s"), (Quantity.duration(9.94), "9.9 s"),
    (Quantity.duration(9.96), "10 s"), (Quantity.duration(59.4), "59 s"), (Quantity.duration(59.6), "1 min 00 s"),
    (Quantity.duration(200), "3 min 20 s"), (Quantity.duration(7500), "2 h 05 min"),
    (Quantity.duration(100_000), "1 d 3 h"), (Quantity.duration(-1), "unknown"), (Quantity.duration(.nan), "unknown"),
    (Quantity.duration(.infinity), "unknown"),
  ]

  @Test(arguments: quantities) func figuresForPeople(text: String, expected: String) { #expect(text == expected) }
}

@Suite struct NumberTests {
  static let numbers: [(String, String)] = [
    (0.125.fixed(2), "0.12"), (2.675.fixed(2), "2.67"), ((-0.001).fixed(2), "0.00"), ((-0.01).fixed(2), "-0.01"),
    (1e6.fixed(0), "1000000"), (0.012345.significant(4), "0.01235"), (1e-9.significant(4), "1e-09"),
    (2.0.shown(2), "2"), (0.5.shown(2), "0.50"), (0.001.shown(2), "0.001"), (4464.2.threeDigits, "4464"),
    (999.6.threeDigits, "1000"), (4.4642.threeDigits, "4.46"), (0.621.percent, "62.10 %"), (1.0.percent, "100.00 %"),
  ]

  @Test(arguments: numbers) func areWrittenInNoLocale(text: String, expected: String) { #expect(text == expected) }

  /// Any double there is, with any number of decimals.
  @Test func areWrittenAsFoundationWritesThem() {
    var bits: UInt64 = 1
    for round in 0..<2_000 {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let wide = Double(bitPattern: bits)
      let value = round % 2 == 0 && wide.isFinite ? wide : Double(Int64(truncatingIfNeeded: bits) >> 40) / 1000
      let (decimals, text) = (round % 7, value.fixed(round % 7))
      let known = String(format: "%.*f", decimals, value)
      #expect(text == known || "-" + text == known && Double(known) == 0)
    }
  }

  /// Halves of the last place, exactly and one bit beside, at either end of what is counted.
  @Test func halvesAreRoundedAsCRoundsThem() {
    let halves = (0..<400).map { Double(2 * $0 + 1) / 16 } + [999_999.5, 999_999.96875, 0.5e-6, 2.675, 1e6]
    for value in halves.flatMap({ [$0, $0.nextUp, $0.nextDown, -$0, $0 + 987_654] }) {
      for decimals in 0...7 {
        let (text, known) = (value.fixed(decimals), String(format: "%.*f", decimals, value))
        #expect(text == known || "-" + text == known && Double(known) == 0)
      }
    }
  }

  @Test func longTextsAreCut() {
    #expect("abcdef".shortened(to: 6) == "abcdef" && "abcdefg".shortened(to: 6) == "abcde…")
  }
}

@Suite struct AlignedTableTests {
  @Test func wordsOnTheLeftNumbersOnTheRight() {
    let rows = [["name", "n", "why"], ["ä", "12", "because"], ["longer", "3", ""]]
    #expect(
      AlignedTable.lines(rows) { $0 != 1 } == ["name     n  why", "ä       12  because", "longer   3"])
  }

  @Test func rowsMayBeShort() {
    #expect(AlignedTable.lines([["a"], [], ["bb", "c"]]) == ["a", "", "bb  c"])
    #expect(AlignedTable.lines([]) == [])
  }
}

import Compute
import Testing

struct RandomStreamTests {
  /// Known-answer vectors of Random123 (`tests/kat_vectors`, philox4x32 with 10 rounds).
  static let vectors: [([UInt32], [UInt32], [UInt32])] = [
    ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    (
      [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
      [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    ),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ]

  @Test(arguments: vectors) func philoxGivesThePublishedWords(_ counter: [UInt32], _ key: [UInt32], _ words: [UInt32]) {
    let (a, b, c, d) = RandomStream.philox(
      counter: (counter[0], counter[1], counter[2], counter[3]), key: (key[0], key[1]))
    #expect([a, b, c, d] == words)
  }

  @Test func aStreamIsAFunctionOfItsName() {
    func draw(seed: UInt64 = 7, purpose: RandomStream.Purpose = .test, epoch: Int = 3, index: Int = 5) -> [UInt32] {
      var stream = RandomStream(seed: seed, purpose: purpose, epoch: epoch, index: index)
      return (0..<9).map { _ in stream.nextUInt32() }
    }
    let names = [
      draw(), draw(seed: 8), draw(seed: 7 + 1 << 32), draw(purpose: .folds), draw(epoch: 4), draw(index: 6),
    ]
    #expect(draw() == names[0])
    #expect(Set(names).count == names.count)
  }

  @Test func uniformNumbersStayBelowOneAndFillTheRange() {
    var stream = RandomStream(seed: 1, purpose: .test)
    let values = (0..<10_000).map { _ in stream.nextUniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    // 10,000 uniform numbers: each tenth gets 1000 with a standard deviation of 30; six of those either way.
    for tenth in 0..<10 {
      let count = values.count { Int($0 * 10) == tenth }
      #expect((820...1180).contains(count), "\(count) numbers in tenth \(tenth)")
    }
  }

  @Test(arguments: [1, 2, 3, 10, 1 << 31]) func integersStayBelowTheirBound(_ bound: Int) {
    var stream = RandomStream(seed: 2, purpose: .test)
    let values = (0..<200).map { _ in stream.nextInt(below: bound) }
    #expect(values.allSatisfy { (0..<bound).contains($0) })
    if bound <= 10 { #expect(Set(values).count == bound) }
  }

  @Test func shufflingKeepsEveryElement() {
    var stream = RandomStream(seed: 3, purpose: .test)
    let values = Array(0..<50)
    let shuffled = stream.shuffled(values)
    #expect(shuffled.sorted() == values)
    #expect(shuffled != values)
  }
}

import Compute
import Testing

struct AlignedBufferTests {
  @Test(arguments: [0, 1, 15, 17, 1 << 20, 3 << 20]) func buffersAreZeroedAndAligned(_ count: Int) {
    let buffer = AlignedBuffer<Float>(count: count)
    let address = Int(bitPattern: buffer.base)
    #expect(buffer.count == count)
    #expect(address % (count * 4 >= 4 << 20 ? 2 << 20 : 64) == 0)
    #expect((0..<count).allSatisfy { buffer[$0] == 0 })
  }

  @Test func elementsAreKept() {
    let buffer = AlignedBuffer<Int32>(count: 5)
    for index in 0..<5 { buffer[index] = Int32(index * index) }
    #expect((0..<5).map { buffer[$0] } == [0, 1, 4, 9, 16])
  }

  @Test func negativeCountsTrap() async {
    await #expect(processExitsWith: .failure) { _ = AlignedBuffer<Float>(count: -1) }
  }
}

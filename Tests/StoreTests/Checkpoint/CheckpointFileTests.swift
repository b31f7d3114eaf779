import Compute
import Foundation
import Store
import TestSupport
import Testing
import System

@Suite struct CheckpointFileTests {
  @Test(arguments: [0, 1, 50])
  func roundTrip(epoch: Int) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "läst.h5")
      var checkpoint = Fixture.checkpoint(epoch: epoch)
      if epoch == 0 { checkpoint.best = nil }
      try CheckpointFile.write(checkpoint, to: url)
      #expect(try CheckpointFile.read(url) == checkpoint)
      #expect(try CheckpointFile.header(of: url).planIdentity == Fixture.identity)
      #expect(try names(in: folder) == ["läst.h5"])
    }
  }

  /// Every bit pattern of finite floats survives, negative zero and subnormals too.
  @Test func bitsSurvive() throws {
    try withTemporaryFolder { folder in
      let values: [Float] = [-0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, 1.0.nextUp.asFloat, 0.1]
      var checkpoint = Fixture.checkpoint()
      checkpoint.sections = ["parameters": [NamedTensor(name: "a", shape: [5], values: values)]]
      try CheckpointFile.write(checkpoint, to: folder.appending(path: "a.h5"))
      let read = try CheckpointFile.read(folder.appending(path: "a.h5")).sections["parameters"]![0].values
      #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
    }
  }

  @Test func sameContentSameBytes() throws {
    try withTemporaryFolder { folder in
      let urls = ["a.h5", "b.h5"].map { folder.appending(path: $0) }
      for url in urls { try CheckpointFile.write(Fixture.checkpoint(), to: url) }
      #expect(try Data(contentsOf: urls[0]) == Data(contentsOf: urls[1]))
    }
  }

  /// A file made by h5py (Golden/make_golden.py), with the library's oldest file format.
  @Test func readsWhatH5pyWrote() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "last.h5")
      try golden("h5py-checkpoint.h5").write(to: url)
      let checkpoint = try CheckpointFile.read(url)
      #expect(checkpoint.epoch == 2 && checkpoint.stepInEpoch == 1 && checkpoint.step == 21)
      #expect(checkpoint.numericsVersion == nil, "the file is of a time that recorded none")
      #expect(checkpoint.history == [0.25, 0.5])
      #expect(checkpoint.best == .init(epoch: 2, monitor: 0.5))
      #expect(checkpoint.partial == ["loss": 1.5])
      let weight = try #require(checkpoint.sections["parameters"]?.first { $0.name == "stem.0.conv.weight" })
      #expect(weight.shape == [4, 1, 3, 3, 2])
      #expect(weight.values == (0..<72).map { Float($0) / 8 })
      #expect(
        checkpoint.sections["statistics"] == [
          NamedTensor(name: "stem.0.norm.num_batches_tracked", shape: [], values: [7])
        ])
    }
  }

  @Test(.enabled(if: Python.has("h5py"), "needs a Python with h5py ($SAFNET_PYTHON or python3)"))
  func h5pyReadsWhatWeWrote() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "last.h5")
      try CheckpointFile.write(Fixture.checkpoint(), to: url)
      let script = """
        import h5py, json, sys
        f = h5py.File(sys.argv[1])
        w = f["parameters/stem.0.conv.weight"]
        print(json.dumps([w.shape, float(w[:].sum()), str(w.dtype), w.fletcher32, f.attrs["epoch"].item(),
          f.attrs["plan_identity"].decode(), f["statistics/stem.0.norm.num_batches_tracked"][()].item(),
          f["history"][:].tolist(), f["parameters/größe.α"][0].item(), f["partial/schritte ü"][()].item()]))
        """
      let expected =
        "[[2, 1, 3, 4, 5], 892.5, \"float32\", true, 3, \"\(Fixture.identity)\", 7.0, "
        + "[0.0, \(1.0 / 7), \(2.0 / 7)], 0.0, 2.0]\n"
      #expect(try Python.run(script, url.path) == expected)
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func refusesWhatIsNotFinite(value: Float) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "last.h5")
      try CheckpointFile.write(Fixture.checkpoint(), to: url)
      var diverged = Fixture.checkpoint()
      diverged.sections["parameters"]![0].values[7] = value
      let name = "parameters/stem.0.conv.weight"
      #expect(throws: StoreError.notFinite(file: url.path, value: name)) { try CheckpointFile.write(diverged, to: url) }
      diverged = Fixture.checkpoint()
      diverged.history[1] = Double(value)
      #expect(throws: StoreError.notFinite(file: url.path, value: "history")) {
        try CheckpointFile.write(diverged, to: url)
      }
      #expect(try CheckpointFile.read(url) == Fixture.checkpoint())
    }
  }

  @Test func newerAndForeignFilesAreRefused() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "last.h5")
      try CheckpointFile.write(Fixture.checkpoint(), to: url)
      var flipped = try Data(contentsOf: url)
      flipped.replace(Data("safnet checkpoint 1".utf8), with: Data("safnet checkpoint 3".utf8))
      try flipped.write(to: url)
      #expect(throws: StoreError.damaged(file: url.path, .header)) { try CheckpointFile.read(url) }
      try Fixture.newerCheckpoint(format: 3).write(to: url)
      #expect(throws: StoreError.newerFormat(file: url.path, found: 3, known: 1)) { try CheckpointFile.read(url) }
      for text in ["", "safnet evaluation 1\n", "\u{89}HDF\r\n\u{1a}\n", String(repeating: "x", count: 4096)] {
        try Data(text.utf8).write(to: url)
        #expect(throws: StoreError.damaged(file: url.path, .notOurs(expected: "checkpoint"))) {
          try CheckpointFile.read(url)
        }
      }
    }
  }

  /// A header whose own checksum is right, and one of whose lines is not what it must be. The last was found by fuzzing:
  /// bytes that are no text became three times as many, more than a header holds.
  @Test(arguments: [
    "plan x\nbytes 1\nsha256 \(Fixture.identity)\n", "plan \(Fixture.identity)\nbytes -1\nsha256 \(Fixture.identity)\n",
    "plan \(Fixture.identity)\nbytes 01\nsha256 \(Fixture.identity)\n",
    "plan \(Fixture.identity)\nbytes 1\nsha256 \(String(repeating: "\u{FF}", count: 150))\n",
  ])
  func sealedNonsenseIsRefused(lines: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "last.h5")
      // One byte for each character, so that U+00FF is a byte that no text has.
      let text = "safnet checkpoint 1\n\(lines)".unicodeScalars.map { UInt8($0.value) }
      let block = text + Array("crc32 \(CRC32.of(text).hexadecimal)\n".utf8)
      try (Data(block) + Data(count: GuardedFile.blockLength - block.count)).write(to: url)
      #expect(throws: StoreError.damaged(file: url.path, .header)) { try CheckpointFile.header(of: url) }
    }
  }

  /// Checksums that hold around a content that does not (Golden/make_golden.py).
  @Test(arguments: [
    ("huge", "history: the file does not hold the values that its shape claims"),
    ("whole_numbers", "history: its values are of another type"),
    ("negative", "attribute epoch: -1 is negative"),
    ("long_text", "program_version: strings of variable length are not used in this format"),
    ("two_sums", "partial/more: it is not one value"),
  ])
  func badContentIsNamed(name: String, words: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "last.h5")
      try golden("hostile-\(name).h5").write(to: url)
      #expect(throws: StoreError.damaged(file: url.path, .content(words))) { try CheckpointFile.read(url) }
    }
  }

  @Test func truncationAtAnyLengthIsFound() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "last.h5")
      try CheckpointFile.write(Fixture.checkpoint(), to: url)
      let data = try Data(contentsOf: url)
      for length in Array(0...600) + stride(from: 601, to: data.count, by: 97) + [data.count - 1] {
        try data.prefix(length).write(to: url)
        #expect(throws: StoreError.self, "cut to \(length)") { try CheckpointFile.read(url) }
      }
      try (data + [0]).write(to: url)
      #expect(throws: StoreError.damaged(file: url.path, .tooLong(bytes: data.count + 1, expected: data.count))) {
        try CheckpointFile.read(url)
      }
    }
  }

  /// Any bit: the guard has no unused ones.
  @Test func everyFlippedBitIsFound() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "last.h5")
      try CheckpointFile.write(Fixture.checkpoint(), to: url)
      let data = try Data(contentsOf: url)
      var random = RandomStream(seed: 5, purpose: .test)
      let header = (0..<GuardedFile.blockLength * 8).map { $0 }
      for bit in header + (0..<1000).map({ _ in random.nextInt(below: data.count * 8) }) {
        var flipped = data
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        try flipped.write(to: url)
        #expect(throws: StoreError.self, "bit \(bit)") { try CheckpointFile.read(url) }
        if bit < header.count { #expect(throws: StoreError.self, "bit \(bit)") { try CheckpointFile.header(of: url) } }
      }
    }
  }
}

extension Double {
  fileprivate var asFloat: Float { Float(self) }
}

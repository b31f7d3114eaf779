import Foundation
import Store
import Testing
import Training

/// The version is not raised by hand alone: what it stands for is pinned.
///
/// After a change that is meant to change bits: raise `NumericsVersion.current`, add a line to its history, and record
/// with `SAFNET_RECORD_NUMERICS=1 swift test --filter NumericsTests`, on a processor with every instruction set that the
/// file names. Pins of instruction sets that the recording processor lacks are dropped with the version they were of.
@Suite struct NumericsTests {
  static let measured = Result { try NumericsPins.measured() }

  @Test func theBitsAreThoseOfTheVersion() throws {
    let measured = try Self.measured.get()
    if ProcessInfo.processInfo.environment["SAFNET_RECORD_NUMERICS"] != nil { return try measured.record() }
    let stored = try NumericsPins.stored()
    #expect(stored.numericsVersion == .current, "the version was raised: record its bits")
    for (instructionSet, steps) in stored.steps where measured.steps[instructionSet] != nil {
      #expect(
        measured.steps[instructionSet] == steps, "\(instructionSet): these bits changed: raise the numerics version")
    }
    for (instructionSet, run) in stored.runs where measured.runs[instructionSet] != nil {
      #expect(measured.runs[instructionSet] == run, "\(instructionSet): these bits changed: raise the numerics version")
    }
  }

  /// The table which kernel serves which shape decides bits at sizes that no test can train at.
  @Test func theKernelsAreThoseOfTheVersion() throws {
    let (measured, stored) = (try Self.measured.get(), try NumericsPins.stored())
    for (instructionSet, kernels) in stored.kernels where measured.kernels[instructionSet] != nil {
      #expect(
        measured.kernels[instructionSet] == kernels,
        "\(instructionSet): other kernels serve these shapes: raise the numerics version, unless only their names changed"
      )
    }
  }
}

extension NumericsPins {
  func record() throws {
    var pins = self
    if let stored = try? Self.stored(), stored.numericsVersion == numericsVersion {
      pins.steps.merge(stored.steps) { own, _ in own }
      pins.kernels.merge(stored.kernels) { own, _ in own }
      pins.runs.merge(stored.runs) { own, _ in own }
    }
    try pins.store()
  }
}

import Compute
import Foundation

/// How a checkpoint lies in HDF5. h5py: `h5py.File("last.h5")["parameters/stem.0.conv.weight"]`.
///
/// | name | content |
/// |---|---|
/// | attributes of the root | `plan_identity`, `program_version`, `numerics_version` (absent in old files), `epoch`, `step_in_epoch`, `step`, `journal_position`, `best_epoch` and `best_monitor` once there is a best |
/// | `history` | float64, one per finished epoch |
/// | `partial/NAME` | float64, one value each |
/// | `SECTION/NAME` | float32 in the tensor's shape |
extension Checkpoint {
  private static let reserved = ["history", "partial"]

  func write(to root: HDF5Group) throws {
    try writeAttributes(to: root)
    try root.write("history", history, shape: [history.count])
    let sums = try root.create("partial")
    for (name, value) in partial.sorted(by: { $0.key < $1.key }) { try sums.write(name, [value], shape: []) }
    for (name, tensors) in sections.sorted(by: { $0.key < $1.key }) {
      precondition(!Self.reserved.contains(name), "'\(name)' cannot be the name of a section")
      let group = try root.create(name)
      for tensor in tensors {
        precondition(!tensor.name.contains("/"), "\(tensor.name): names with '/' would become groups")
        try group.write(tensor.name, tensor.values, shape: tensor.shape)
      }
    }
  }

  private func writeAttributes(to root: HDF5Group) throws {
    try root.setAttribute("program_version", programVersion)
    if let numericsVersion { try root.setAttribute("numerics_version", Int64(numericsVersion.rawValue)) }
    try root.setAttribute("epoch", Int64(epoch))
    try root.setAttribute("step_in_epoch", Int64(stepInEpoch))
    try root.setAttribute("step", Int64(step))
    try root.setAttribute("journal_position", Int64(journalPosition))
    if let best {
      try root.setAttribute("best_epoch", Int64(best.epoch))
      try root.setAttribute("best_monitor", best.monitor)
    }
  }

  init(planIdentity: String, root: HDF5Group) throws {
    self.init(
      planIdentity: planIdentity, programVersion: try root.attribute("program_version"),
      numericsVersion: try Self.numericsVersion(root), epoch: try Self.count(root, "epoch"),
      stepInEpoch: try Self.count(root, "step_in_epoch"),
      step: try Self.count(root, "step"), journalPosition: try Self.count(root, "journal_position"),
      history: try root.read("history", as: Double.self).values, best: try Self.best(root),
      partial: try Self.partial(root.open("partial")), sections: try Self.sections(root))
  }

  static func epoch(of root: HDF5Group) throws -> Int { try count(root, "epoch") }

  private static func numericsVersion(_ root: HDF5Group) throws -> NumericsVersion? {
    guard try root.hasAttribute("numerics_version") else { return nil }
    return NumericsVersion(rawValue: try count(root, "numerics_version"))
  }

  private static func count(_ root: HDF5Group, _ name: String) throws -> Int {
    let value = try root.attribute(name, as: Int64.self)
    guard value >= 0 else { throw HDF5.Failure(operation: "attribute \(name)", words: "\(value) is negative") }
    guard value <= mostCounted else {
      throw HDF5.Failure(operation: "attribute \(name)", words: "\(value) is more than any run reaches")
    }
    return Int(value)
  }

  private static let mostCounted: Int64 = 1 << 48

  private static func best(_ root: HDF5Group) throws -> Best? {
    guard try root.hasAttribute("best_epoch") else { return nil }
    return Best(epoch: try count(root, "best_epoch"), monitor: try root.attribute("best_monitor"))
  }

  private static func partial(_ group: HDF5Group) throws -> [String: Double] {
    try group.names().reduce(into: [:]) { sums, name in
      let (_, values) = try group.read(name, as: Double.self)
      guard values.count == 1 else { throw HDF5.Failure(operation: "partial/\(name)", words: "it is not one value") }
      sums[name] = values[0]
    }
  }

  private static func sections(_ root: HDF5Group) throws -> [String: [NamedTensor]] {
    try root.groupNames().filter { !reserved.contains($0) }.reduce(into: [:]) { sections, section in
      let group = try root.open(section)
      sections[section] = try group.names().map { name in
        let (shape, values) = try group.read(name, as: Float.self)
        return NamedTensor(name: name, shape: shape, values: values)
      }
    }
  }
}

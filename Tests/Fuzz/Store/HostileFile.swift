import CHDF5
import Foundation

/// An HDF5 file as bytes dictate it: names that a checkpoint uses or not, in any type, shape and order, links that lead
/// nowhere or in circles, arrays that claim more than they hold.
///
/// Valid for libhdf5, which is not what is tested, and anything but valid for the reader above it.
struct HostileFile {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  private static let names = [
    "plan_identity", "program_version", "epoch", "step_in_epoch", "step", "journal_position", "best_epoch",
    "best_monitor", "history", "partial", "loss", "parameters", "statistics", "first_moments", "ü", "a.b", "x",
  ]

  private mutating func next(below count: Int) -> Int { Int(rest.popFirst() ?? 0) % count }
  private mutating func name() -> String { Self.names[next(below: Self.names.count)] }
  private mutating func number() -> Int64 { [0, 1, -1, 7, .max, .min, 1 << 40, 3][next(below: 8)] }
  private mutating func shape() -> [Int] { (0..<next(below: 4)).map { _ in next(below: 4) } }

  /// Follows the bytes until they end. What libhdf5 refuses, a name that is there already for one, is left out.
  mutating func build(_ root: HDF5Group) throws {
    var groups = [root]
    while !rest.isEmpty {
      let group = groups[groups.count - 1]
      switch next(below: 14) {
      case 0: try? group.setAttribute(name(), number())
      case 1: try? group.setAttribute(name(), Double(number()) / 3)
      case 2: try? group.setAttribute(name(), String(repeating: "v", count: next(below: 40)))
      case 3: write(Double.self, to: group) { Double($0) / 7 }
      case 4: write(Float.self, to: group) { Float($0) }
      case 5: write(Int64.self, to: group) { Int64($0) }
      case 6: try? group.write(name(), strings: (0..<next(below: 3)).map { "\($0)" })
      case 7: (try? group.create(name())).map { groups.append($0) }
      case 8: if groups.count > 1 { groups.removeLast() }
      case 9: H5Lcreate_soft("/\(name())", group.id, name(), chdf5_default(), chdf5_default())
      case 10: H5Lcreate_hard(groups[0].id, ".", group.id, name(), chdf5_default(), chdf5_default())
      case 11: claim(in: group)
      default: standard(root)
      }
    }
  }

  private mutating func write<Element: HDF5Element>(
    _: Element.Type, to group: HDF5Group, _ value: (Int) -> Element
  ) {
    let (name, shape) = (name(), shape())
    try? group.write(name, (0..<shape.reduce(1, *)).map(value), shape: shape)
  }

  /// An array of many values of which none is stored.
  private mutating func claim(in group: HDF5Group) {
    let sides = [hsize_t(1) << hsize_t(8 * next(below: 8)), hsize_t(1) << hsize_t(next(below: 30))]
    let space = H5Screate_simple(2, sides, nil)
    let properties = H5Pcreate(chdf5_dataset_creation())
    H5Pset_chunk(properties, 2, [hsize_t(1), 1])
    let data = H5Dcreate2(
      group.id, name(), chdf5_stored_float(), space, chdf5_default(), properties, chdf5_default())
    if data >= 0 { H5Dclose(data) }
    H5Pclose(properties)
    if space >= 0 { H5Sclose(space) }
  }

  /// What every checkpoint has, so that readers get past it.
  private mutating func standard(_ root: HDF5Group) {
    try? root.setAttribute("program_version", "1")
    for name in ["epoch", "step_in_epoch", "step", "journal_position"] { try? root.setAttribute(name, Int64(1)) }
    try? root.write("history", [0.5], shape: [1])
    _ = try? root.create("partial")
  }
}

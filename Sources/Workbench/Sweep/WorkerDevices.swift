import Networks
import Text

/// The devices that the workers of a sweep are handed, one each at a time; none where the engine has no devices, or where
/// a cluster hands them out.
package struct WorkerDevices {
  /// An engine for each, in the order in which they are handed out.
  package let engines: [any Engine]

  /// - Parameters:
  ///   - engine: as the command names it: all its devices, or one of them.
  ///   - jobs: runs at once, as asked for.
  ///   - numbers: the devices to take, as asked for; nil: the first ones, one unless `jobs` says more.
  /// - Throws: `DeviceUsageError`. Whether a device is there is seen when it is first asked about.
  package init(
    of engine: any Engine, jobs: Int?, numbers: [Int]?, executor: (name: String, usesThisMachine: Bool)
  ) throws(DeviceUsageError) {
    guard let first = engine.numbered(0), executor.usesThisMachine else {
      if numbers == nil {
        engines = []
        return
      }
      throw executor.usesThisMachine ? .noDevices(engine: engine.name) : .elsewhere(executor: executor.name)
    }
    // `pjrt:1` is one device already.
    if first.name != engine.name {
      if numbers != nil || jobs ?? 1 > 1 { throw .isOne(engine: engine.name) }
      engines = [engine]
      return
    }
    let chosen = numbers ?? Array(0..<(jobs ?? 1))
    if let twice = chosen.first(where: { number in chosen.count { $0 == number } > 1 }) { throw .twice(twice) }
    if let jobs, jobs > chosen.count { throw .tooFew(devices: chosen.count, jobs: jobs) }
    engines = chosen.prefix(jobs ?? chosen.count).compactMap { engine.numbered($0) }
  }

  /// Which they are, one line each where they are not alike.
  package var lines: [String] {
    guard let first = engines.first else { return [] }
    let names = engines.map(\.name).joined(separator: ", ")
    if engines.count == 1 { return ["One run at a time on \(names) (\(first.hardware))."] }
    let kinds = engines.map(\.hardware)
    if Set(kinds).count == 1 { return ["One run at a time on each of \(names) (\(kinds[0]))."] }
    return ["One run at a time on each of these:"] + engines.map { "  \($0.name) (\($0.hardware))" } + [
      "notice: they are not alike. A run that is interrupted on one may go on on another, to bits of neither; "
        + "--device takes those that are alike."
    ]
  }
}

/// Devices that cannot be handed out as they were asked for; says what to type instead.
package enum DeviceUsageError: Error, Equatable, CustomStringConvertible {
  case noDevices(engine: String)
  case elsewhere(executor: String)
  case isOne(engine: String)
  case twice(Int)
  case tooFew(devices: Int, jobs: Int)

  /// One line.
  package var description: String {
    switch self {
    case .noDevices(let engine):
      "--device is for engines that have several, such as pjrt; \(engine) has none: --jobs and --threads divide the processor."
    case .elsewhere(let executor):
      "--device names devices of this machine; with --executor \(executor) the cluster hands them out."
    case .isOne(let engine):
      "--engine \(engine) is one device, and trains one run at a time; for several give --engine "
        + "\(engine.prefix { $0 != ":" }) --device 0,1."
    case .twice(let number): "--device \(number) is there twice; a device trains one run at a time."
    case .tooFew(let devices, let jobs):
      "--jobs \(jobs) is more than the \(Quantity.of(devices, "device")) of --device; a device trains one run at a time."
    }
  }
}

import System

/// What can be wrong with the store's files. What the system refuses is a `SystemError`.
package enum StoreError: Error, Equatable, Sendable {
  case damaged(file: String, Damage)
  case newerFormat(file: String, found: Int, known: Int)
  case notFinite(file: String, value: String)
  case otherPlan(file: String, expected: String, found: String)
  case locked(file: String, holder: LockHolder?)
  /// The folder of a run that is trained is gone, or what a run's folder holds.
  case removed(folder: String)
  /// The journal ends before the position that a checkpoint wants to go back to.
  case journalShorter(file: String, bytes: Int, wanted: Int)
  /// The journal has no event that ends at the position that a checkpoint wants to go back to.
  case journalOfAnotherRun(file: String, position: Int)
}

package enum Damage: Equatable, Sendable {
  /// It is not there.
  case lost
  case tooShort(bytes: Int, expected: Int)
  case tooLong(bytes: Int, expected: Int)
  /// Not a file of this program, or one whose first bytes were lost.
  case notOurs(expected: String)
  case header
  case checksum
  case line(Int)
  /// A line with which another run's story begins.
  case othersLine(Int)
  /// The checksums hold, yet the content is not what the format says.
  case content(String)
}

extension StoreError: CustomStringConvertible {
  package var description: String { advice.map { "\(finding). \($0)" } ?? finding }

  /// What is wrong, where the remedy is being taken as this is told: without the advice to do so.
  package var finding: String {
    switch self {
    case .damaged(let file, .lost): "\(file) is missing"
    case .damaged(let file, let damage):
      "\(file) is damaged: \(damage)"
    case .newerFormat(let file, let found, let known):
      "\(file) has format \(found), this program knows up to \(known). Use the newer safnet that wrote it."
    case .notFinite(let file, let value):
      "\(value) is not a finite number and was not written to \(file). Lower the learning rate or check the data."
    case .otherPlan(let file, let expected, let found):
      "\(file) belongs to plan \(found.prefix(12)), not to \(expected.prefix(12)). If its folder was renamed,"
        + " give it the name that ends in -\(found.prefix(12)) again where no other folder has that. Else move its folder to"
        + " another place: `safnet run` then begins the run anew."
    case .locked(let file, let holder):
      "\(file) is locked by \(holder.map(String.init(describing:)) ?? "another process"). Wait for it or stop it."
    case .removed(let folder):
      "\(folder), or what was in it, was removed or moved while the run was trained. Put it back, or give the same"
        + " `safnet run` again."
    case .journalShorter(let file, let bytes, let wanted):
      "\(file) has \(bytes) intact bytes, the checkpoint was written at \(wanted)"
    case .journalOfAnotherRun(let file, let position):
      "\(file) has no event that ends at byte \(position), where the checkpoint was written: they are not of one run"
    }
  }

  /// What to do, where `safnet run` does it: whoever reads this in a run is not told.
  var advice: String? {
    switch self {
    case .damaged, .journalShorter, .journalOfAnotherRun: Self.remedy
    case .newerFormat, .notFinite, .otherPlan, .locked, .removed: nil
    }
  }

  /// Nothing has to be removed by hand: `safnet run` looks at every file of its runs.
  static let remedy =
    "Give `safnet run` with its experiment, which makes it anew from what is intact, or restore it from a copy."
}

extension Damage: CustomStringConvertible {
  package var description: String {
    switch self {
    case .lost: "it is missing"
    case .tooShort(let bytes, let expected): "it has \(bytes) bytes of \(expected)"
    case .tooLong(let bytes, let expected): "it has \(bytes) bytes, \(expected) are expected"
    case .notOurs(let expected): "it does not begin like a \(expected) of safnet"
    case .header: "its header was changed"
    case .checksum: "its checksum does not match its content"
    case .line(let number): "the checksum of line \(number) does not match"
    case .othersLine(let number): "from line \(number) on it is another run's"
    case .content(let what): what
    }
  }
}

import Foundation
import TestSupport

/// The library that makes one write of a program fail (Faults/faults.c), built once with the system's C compiler.
enum FaultInjection {
  enum Kind: String, CaseIterable, Sendable { case create, write, torn, sync, rename, link, remove, truncate, folder }

  /// One call that fails.
  struct Fault: CustomStringConvertible {
    var kind: Kind
    /// From 1, over all processes; 0 lets nothing fail and counts.
    var call = 0
    var code = ENOSPC
    /// As on a disk that stays full.
    var stays = false

    var description: String {
      "\(kind.rawValue) \(call), \(String(cString: strerror(code)))\(stays ? ", for good" : "")"
    }
  }

  /// What the library has seen.
  struct Record {
    let count: Int
    /// The call and its file; nil when nothing failed.
    let failed: String?
  }

  /// Nil where there is no C compiler.
  static let library: URL? = {
    let source = Bundle.module.resourceURL!.appending(path: "Faults/faults.c")
    guard let folder = try? TemporaryFolder().keptUntilExit() else { return nil }
    let output = folder.file("faults.so")
    let compiler = try? ChildProgram(
      URL(filePath: "/usr/bin/env"), ["cc", "-O1", "-shared", "-fPIC", "-o", output.path, source.path, "-ldl"],
      in: folder.url)
    return (try? compiler?.wait())?.status == 0 ? output : nil
  }()

  /// Runs `program` in its folder with one failing call on files below it.
  static func run(_ program: Program, _ arguments: [String], fault: Fault) throws -> (Program.Result, Record) {
    let folder = try TemporaryFolder()
    let file = try folder.write("record", [UInt8](repeating: 0, count: 4096))
    let result = try program.start(
      arguments,
      environment: [
        "LD_PRELOAD": library!.path, "FAULT_ROOT": program.folder.resolvingSymlinksInPath().path,
        "FAULT_KIND": fault.kind.rawValue, "FAULT_AT": "\(fault.call)", "FAULT_ERRNO": "\(fault.code)",
        "FAULT_STAYS": fault.stays ? "1" : "0", "FAULT_RECORD": file.path,
      ]
    ).wait()
    let data = try Data(contentsOf: file)
    let (count, failed) = data.withUnsafeBytes { ($0.load(as: UInt.self), $0.load(fromByteOffset: 8, as: Int32.self)) }
    let what = String(decoding: data.dropFirst(12).prefix { $0 != 0 }, as: UTF8.self)
    return (result, Record(count: Int(count), failed: failed == 0 ? nil : what))
  }
}

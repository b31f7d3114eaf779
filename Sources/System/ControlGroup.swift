import Foundation

/// What control groups leave to this process: the limits of containers, cluster jobs and services, of version 1 or 2.
///
/// A limit of any group on the way from the process's own to the root holds, so the tightest counts.
package struct ControlGroup {
  private let root: URL
  /// Lines of `/proc/self/cgroup`: `0::/path` of version 2, `4:memory:/path` of version 1.
  private let membership: String

  package init(
    root: URL = URL(fileURLWithPath: "/sys/fs/cgroup"),
    membership: String = SystemText.read("/proc/self/cgroup")
  ) {
    (self.root, self.membership) = (root, membership)
  }

  /// Bytes that can still be taken; nil without a limit.
  ///
  /// Pages of files that nobody has used for long count as free: the system drops them before it refuses memory.
  package var freeMemory: Int? {
    let unified = groups(of: "").map { group in
      free(group, limit: "memory.max", used: "memory.current", droppable: "inactive_file")
    }
    let separate = groups(of: "memory").map { group in
      free(group, limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes", droppable: "total_inactive_file")
    }
    return (unified + separate).compactMap { $0 }.min()
  }

  /// Processors' worth of time, rounded up; nil without a limit.
  package var cores: Int? {
    let unified = groups(of: "").map { group in
      let parts = text(group, "cpu.max")?.split(whereSeparator: \.isWhitespace).map { Int($0) } ?? []
      return parts.count == 2 ? Self.processors(parts[0], of: parts[1]) : nil
    }
    let separate = groups(of: "cpu").map { group in
      Self.processors(number(group, "cpu.cfs_quota_us"), of: number(group, "cpu.cfs_period_us"))
    }
    return (unified + separate).compactMap { $0 }.min()
  }

  /// Folders of the process's own group and of those above it; a container may hide all but the root.
  ///
  /// - Parameter controller: "" for version 2; in version 1 also the folder's name.
  private func groups(of controller: String) -> [URL] {
    let lines = membership.split(separator: "\n").map { line in
      line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    }
    let own = lines.first { parts in
      parts.count == 3 && parts[1].split(separator: ",", omittingEmptySubsequences: false).contains { $0 == controller }
    }
    guard let names = own?[2].split(separator: "/") else { return [] }
    let top = controller.isEmpty ? root : root.appendingPathComponent(controller)
    return (0...names.count).map { count in
      names.prefix(count).reduce(top) { $0.appendingPathComponent(String($1)) }
    }
  }

  private func free(_ group: URL, limit: String, used: String, droppable: String) -> Int? {
    guard let limit = number(group, limit), let used = number(group, used) else { return nil }
    let files = text(group, "memory.stat").flatMap { SystemText.number(droppable + " ", in: $0) } ?? 0
    guard limit >= 0, used >= 0, files >= 0 else { return nil }
    return max(0, limit - max(0, used - files))
  }

  /// - Parameters: microseconds of processor time in each period; none, or -1, is no limit.
  private static func processors(_ quota: Int?, of period: Int?) -> Int? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return (quota - 1) / period + 1
  }

  private func text(_ group: URL, _ name: String) -> String? {
    try? String(contentsOf: group.appendingPathComponent(name), encoding: .utf8)
  }

  /// Nil for `max`, and where there is no such file.
  private func number(_ group: URL, _ name: String) -> Int? {
    text(group, name).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }
}

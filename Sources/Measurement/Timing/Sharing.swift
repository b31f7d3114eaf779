import Text

/// How runs that train at the same time share a machine's processors.
package struct Sharing: Equatable, Sendable {
  /// Runs at once.
  package let jobs: Int
  /// Threads of each.
  package let threads: Int

  /// A way to share.
  package init(jobs: Int, threads: Int) { (self.jobs, self.threads) = (jobs, threads) }

  /// As many runs as there may be, with so many threads each.
  package init(cores: Int, most: Int, threads: Int) {
    self.init(jobs: max(1, min(cores / max(1, threads), most)), threads: threads)
  }

  /// The ways worth trying: from as many runs as there may be, each with one thread where there are as many as processors,
  /// down to one run with all of them, each time half as many.
  ///
  /// - Parameter most: runs at once that memory holds and that there are.
  package static func ways(cores: Int, most: Int) -> [Sharing] {
    var (ways, jobs) = ([Sharing](), max(1, min(cores, most)))
    while true {
      ways.append(Sharing(jobs: jobs, threads: max(1, cores / jobs)))
      if jobs == 1 { return ways }
      jobs /= 2
    }
  }
}

/// What a machine gets done when runs share it in this way or that, found by training that many networks at the same time
/// for a moment.
///
/// More runs with fewer threads waste nothing on threads that wait for each other; fewer runs share the memory's
/// bandwidth and the caches among fewer. Which of them weighs more depends on network and machine.
package struct Throughput: Equatable, Sendable {
  /// A way, and what it gets done.
  package struct Way: Equatable, Sendable {
    package let sharing: Sharing
    /// Cases of the experiment's size that are trained in a second, by all runs together.
    package let casesPerSecond: Double
  }

  /// Those that were tried, in their order.
  package let ways: [Way]
  /// The most productive, but the first unless another gets more done by a clear margin.
  package let best: Way

  /// Seconds of a sweep from which on trying ways pays: `safnet run` takes the first of a shorter one.
  package static let paysAfter = 600.0

  /// So much more must another way get done than the first: two measurements of one way differ by less.
  static let margin = 1.05

  /// Tries ways until one gets less done than one before.
  ///
  /// - Parameters:
  ///   - ways: one at least.
  ///   - measure: cases per second.
  package init(_ ways: [Sharing], measure: (Sharing) throws -> Double) rethrows {
    precondition(!ways.isEmpty, "no way to share")
    var tried: [Way] = []
    for sharing in ways {
      tried.append(Way(sharing: sharing, casesPerSecond: try measure(sharing)))
      if tried.count > 1, tried[tried.count - 1].casesPerSecond < tried[tried.count - 2].casesPerSecond { break }
    }
    let most = tried.max { $0.casesPerSecond < $1.casesPerSecond } ?? tried[0]
    best = most.casesPerSecond > Self.margin * tried[0].casesPerSecond ? most : tried[0]
    self.ways = tried
  }

  /// "2 at once with 1 thread each; 1 with 2 threads trains 81 % of its cases (measured with SAFNet)".
  package func words(of variant: String) -> String {
    let others = ways.filter { $0 != best }.map { way in
      let share = Quantity.rounded(100 * way.casesPerSecond / best.casesPerSecond)
      return "; \(way.sharing.words) train\(way.sharing.jobs > 1 ? "" : "s") \(share) % of its cases"
    }
    return "\(best.sharing.words(atOnce: true))\(others.joined()) (measured with \(variant))"
  }
}

extension Sharing {
  /// "2 with 1 thread each".
  package var words: String { words(atOnce: false) }

  fileprivate func words(atOnce: Bool) -> String {
    "\(jobs)\(atOnce ? " at once" : "") with \(Quantity.of(threads, "thread"))\(jobs > 1 ? " each" : "")"
  }
}

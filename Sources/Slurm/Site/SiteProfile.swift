import Foundation
import JSON
import System
import Text

/// What a cluster wants to be told of a job: data of the place where runs are trained, never of an experiment, and no
/// part of an identity.
package struct SiteProfile: Equatable, Sendable {
  /// What the file says of itself.
  package var about: String?
  package var partition: String?
  package var account: String?
  package var qos: String?
  package var reservation: String?
  /// One kind of processor, so that all runs have the bits of one instruction set.
  package var constraint: String?
  /// The limit of one job; a run that takes longer goes on in the next. Nil: the partition's own.
  package var time: SlurmTime?
  /// Processors, and threads, of a run.
  package var cpus = 4
  /// Gibibytes of a run, instead of the plan's estimate.
  package var memory: Double?
  /// Multiplies the plan's estimate.
  package var memoryMargin = 1.5
  /// Seconds before the limit at which a worker is asked to save and leave.
  package var warning = 120
  /// Whether a job may go on under its number.
  package var requeue = true
  /// Runs at once; nil: as many as the cluster lets run.
  package var atOnce: Int?
  /// Jobs that may wait and run together; nil: what the cluster says, if it does.
  package var maxSubmit: Int?
  /// Tasks of one array; nil: what the cluster says.
  package var maxArray: Int?
  /// The longest wait between two questions to the cluster, in seconds.
  package var poll = 60
  /// Nodes to leave out.
  package var exclude: [String] = []
  /// Lines of shell before the worker starts: `module load ...`.
  package var setup: [String] = []
  /// Further options of sbatch.
  package var options: [String] = []
  /// This program's path on the nodes, where it is another.
  package var program: String?

  package init() {}

  package static var form: Form<SiteProfile> { .record("How a cluster is asked for a job", SiteProfile(), fields) }

  private static var fields: [Field<SiteProfile>] {
    [
      Field("about", \.about, .optional(.text), "Anything, for people"),
      Field("partition", \.partition, .optional(.oneWord), "Partition or partitions, separated by commas"),
      Field("account", \.account, .optional(.oneWord), "The account that pays"),
      Field("qos", \.qos, .optional(.oneWord), "Quality of service"),
      Field("reservation", \.reservation, .optional(.oneWord), "A reservation to run in"),
      Field(
        "constraint", \.constraint, .optional(.oneWord), "Features of a node: one kind of processor, for equal bits"),
      Field("time", \.time, .optional(.slurmTime), "Limit of one job, as Slurm writes it: 12:00:00 or 1-00:00:00"),
      Field("cpus", \.cpus, .integer(1...1024), "Processors of a run"),
      Field("memory", \.memory, .optional(.number(.above(0))), "Gibibytes of a run, instead of the estimate"),
      Field("memoryMargin", \.memoryMargin, .number(.from(1, to: 100)), "Multiplies the plan's estimate"),
      Field("warning", \.warning, .integer(10...36_000), "Seconds before the limit at which a worker saves and leaves"),
      Field("requeue", \.requeue, .flag, "Whether a job may go on under its own number"),
      Field("atOnce", \.atOnce, .optional(.integer(1...100_000)), "Runs at once"),
      Field("maxSubmit", \.maxSubmit, .optional(.integer(1...1_000_000)), "Jobs that may wait and run together"),
      Field("maxArray", \.maxArray, .optional(.integer(1...1_000_000)), "Tasks of one array"),
      Field("poll", \.poll, .integer(2...3600), "Longest wait between two questions to the cluster, in seconds"),
      Field("exclude", \.exclude, .list(of: .oneWord, count: 0...1000), "Nodes to leave out"),
      Field("setup", \.setup, .list(of: .oneLine, count: 0...1000), "Lines of shell before the worker starts"),
      Field("options", \.options, .sbatchOptions, "Further options of sbatch"),
      Field("program", \.program, .optional(.absolutePath), "This program's path on the nodes"),
    ]
  }

  /// Bytes to ask for, for a run whose plan takes `estimate` bytes: whole steps of 256 MiB, so that runs that need about
  /// the same are one array.
  package func bytes(estimate: Int) -> Int {
    let step = Double(1 << 28)
    let wanted = memory.map { $0 * 0x1p30 } ?? Double(max(estimate, 1)) * memoryMargin
    return Int(min((wanted / step).rounded(.up), 0x1p40) * step)
  }
}

extension SiteProfile {
  /// Bytes of such a file: far more than a person writes.
  private static let longest = 1 << 22

  /// - Throws: every mistake of the file together.
  package static func load(_ file: URL) throws(SiteProfileErrors) -> SiteProfile {
    let bytes: Data
    do throws(RegularFile.Refusal) { bytes = try RegularFile.read(file, limit: longest) } catch {
      throw SiteProfileErrors(lines: [
        "cannot read \(file.path): \(error.reason.lowercased()); \(error.remedy(of: file))"
      ])
    }
    if bytes.starts(with: Data("#!".utf8)) || bytes.starts(with: Data("#SBATCH".utf8)) {
      throw SiteProfileErrors(lines: [
        "\(file.path): it is a script, and --site takes JSON, such as {\"partition\": \"gpu\", \"time\": \"12:00:00\"}: what its"
          + " #SBATCH lines ask for has keys of its own or goes into \"options\", its other lines into \"setup\" (docs/cluster.md)"
      ])
    }
    let node: JSONNode
    do throws(JSONSyntaxError) { node = try JSONParser.parse(Array(bytes), origin: .file(file.path)) } catch {
      throw SiteProfileErrors(lines: ["\(JSONError(.syntax(error.fault), at: "", error.place))"])
    }
    if ["extends", "dataset", "variants", "training"].contains(where: { node[$0] != nil }) {
      throw SiteProfileErrors(lines: [
        "\(file.path): it is an experiment, and --site takes what a cluster wants to be told of a job, such as"
          + " {\"partition\": \"gpu\", \"time\": \"12:00:00\"}; docs/cluster.md says what else such a file holds"
      ])
    }
    var errors: [JSONError] = []
    let read = form.read(Input(node), nil, &errors)
    guard let profile = read, errors.isEmpty else { throw SiteProfileErrors(lines: errors.map(\.description)) }
    if let time = profile.time, profile.warning * 2 > time.seconds {
      throw SiteProfileErrors(lines: [
        "\(file.path): warning: \(profile.warning) s are more than half of the time limit \(time.text); give more time or a shorter warning"
      ])
    }
    return profile
  }
}

/// Every mistake of a site's file, one a line.
package struct SiteProfileErrors: Error, Equatable, CustomStringConvertible {
  package var lines: [String]

  package var description: String { lines.joined(separator: "\n") }
}

extension Form where Value == String {
  private static func text(_ expected: String, _ isAllowed: @escaping (String) -> Bool) -> Form {
    Form(
      scalar: ["type": "string"],
      accept: { input throws(Refusal) in
        guard let text = input.text else { throw Refusal(input.wrongType(input.node.wantedText("a text"))) }
        guard isAllowed(text) else { throw Refusal(input.wrongType(expected)) }
        return text
      },
      write: { .string($0) })
  }

  fileprivate static var oneWord: Form {
    text("a word without spaces and quotes") { word in
      !word.isEmpty && !word.contains { $0.isWhitespace || $0.isNewline || "\"'`$;\\".contains($0) }
    }
  }

  fileprivate static var oneLine: Form { text("one line") { !$0.contains(where: \.isNewline) } }

  fileprivate static var absolutePath: Form {
    text("an absolute path") { $0.hasPrefix("/") && !$0.contains(where: \.isNewline) }
  }

  /// An option that does not undo what makes a sweep safe.
  fileprivate static var sbatchOption: Form {
    Form(
      scalar: ["type": "string", "pattern": "^--"],
      accept: { input throws(Refusal) in
        guard let text = input.text else { throw Refusal(input.wrongType(input.node.wantedText("a text"))) }
        guard text.hasPrefix("--"), !text.contains(where: \.isNewline) else {
          throw Refusal(input.wrongType("a long option of sbatch, as --gres=scratch:10"))
        }
        let name = text.nameOfOption
        if let instead = BatchScript.ownOptions[name] {
          throw Refusal(.broken(rule: "--\(name) is set by this program" + (instead.isEmpty ? "" : "; \(instead)")))
        }
        return text
      },
      write: { .string($0) })
  }
}

extension Form where Value == [String] {
  /// Each is a text of its own; where one text has several, they are shown so.
  fileprivate static var sbatchOptions: Form {
    let list = Form<[String]>.list(of: .sbatchOption, count: 0...1000)
    return Form(
      schema: list.schema,
      read: { input, starting, errors in
        if case .array = input.node.content { return list.read(input, starting, &errors) }
        let several = options(in: input.node.text ?? "")
        let written = CanonicalJSON.text(.array(several.map { .string($0) }))
        let hint = several.isEmpty ? #" such as ["--gres=scratch:10","--nice=100"]"# : "; write \(written)"
        errors.append(input.error(input.wrongType("a list\(hint)")))
        return nil
      },
      write: list.write)
  }

  /// What begins with two dashes, each with what follows it; none where one of them would be refused.
  private static func options(in text: String) -> [String] {
    let words = text.split(separator: " ")
    let options = words.reduce(into: [String]()) { options, word in
      guard !word.hasPrefix("-"), !options.isEmpty else { return options.append(String(word)) }
      options[options.count - 1] += " \(word)"
    }
    let isSound = options.allSatisfy { $0.hasPrefix("--") && BatchScript.ownOptions[$0.nameOfOption] == nil }
    return isSound ? options : []
  }
}

extension String {
  /// `gres` of `--gres=scratch:10`.
  fileprivate var nameOfOption: String { String(dropFirst(2).prefix { $0 != "=" && $0 != " " }) }
}

extension Form where Value == SlurmTime {
  fileprivate static var slurmTime: Form {
    Form(
      scalar: ["type": "string"],
      accept: { input throws(Refusal) in
        guard let text = input.text, let time = SlurmTime(text) else {
          throw Refusal(input.wrongType("a time as Slurm writes it, in quotes: \"12:00:00\" or \"1-00:00:00\""))
        }
        return time
      },
      write: { .string($0.text) })
  }
}

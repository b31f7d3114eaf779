import Foundation
import JSON
import Models
import Networks
import System
import Text
import Volumes

extension Specification {
  /// Reads `file`, what it extends, and the overrides; throws every mistake together.
  ///
  /// - Parameters:
  ///   - overrides: `key.path=value`, applied in order after everything in the files.
  ///   - assumesCases: whether it is looked at with an assumed number of cases, in the place of a phantom's own.
  ///   - networks: those that the experiment may name.
  ///   - losses: those that the experiment may name.
  package static func load(
    _ file: URL, overrides: [String] = [], assumesCases: Bool = false,
    workingDirectory: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true),
    networks: NetworkRegistry = .standard, losses: LossRegistry = .standard
  ) throws(SpecificationErrors) -> Specification {
    let workingDirectory = URL(fileURLWithPath: workingDirectory.path, isDirectory: true)
    let loader = SpecificationLoader(workingDirectory: workingDirectory, networks: networks, losses: losses)
    var specification = try loader.specification(file, overrides, assumesCases: assumesCases)
    let effects = OptionEffects(specification, networks, losses)
    specification.idleOptions = effects.lines(overrides) + effects.linesOfFiles()
    return specification
  }

  /// From a document that extends nothing any more; throws every mistake together.
  ///
  /// - Parameters:
  ///   - origins: what the document was merged from, each changing what comes before it.
  ///   - earlier: mistakes that were made on the way to the document.
  ///   - assumesCases: whether a number of cases is assumed, in the place of a phantom's own.
  package init(
    _ document: JSONNode, workingDirectory: URL, origins: [SourcePlace.Origin] = [],
    besides earlier: [SpecificationError] = [], assumesCases: Bool = false,
    networks: NetworkRegistry = .standard, losses: LossRegistry = .standard
  ) throws(SpecificationErrors) {
    var mistakes: [JSONError] = []
    let read = Self.form(networks, losses).read(Input(document), nil, &mistakes)
    let places = mistakes.isEmpty ? nil : KeyPlaces(networks, losses)
    let told = places?.together(mistakes, in: document) ?? mistakes
    var errors =
      earlier + told.map { read?.ofStructure($0) ?? SpecificationError(places?.told($0.split) ?? $0) }
    guard let read else { throw SpecificationErrors(errors) }
    self = read
    if title.isEmpty { title = name }
    let channels = self.dataset.channels?.count ?? 1
    model.channels = channels
    for index in variants.indices { variants[index].model.channels = channels }
    (self.document, self.origins) = (document, origins)
    self.workingDirectory = workingDirectory
    errors += conflicts(besides: errors, assumesCases: assumesCases)
    guard errors.isEmpty else { throw SpecificationErrors(errors) }
  }

  func place(of path: JSONPath) -> SourcePlace { document.place(of: path) }
}

extension JSONError {
  /// Of an option that holds several settings, that alone: each mistake in its value follows from it.
  fileprivate var split: JSONError {
    guard let place, (place.line, place.column) == (1, 1), let settings = place.severalSettings() else { return self }
    return JSONError(.severalSettings(settings), at: path, place)
  }
}

/// From files and options to one merged document.
struct SpecificationLoader {
  let workingDirectory: URL
  let networks: NetworkRegistry
  let losses: LossRegistry
  /// Bytes of an experiment's file: far more than a person writes.
  private static let longest = 1 << 26

  /// The merged document, and what it was merged from, each changing what comes before it. Without it there is nothing
  /// to check, so a file that cannot be read ends everything; a bad override is noted and left out.
  func document(
    _ file: URL, _ overrides: [String], _ errors: inout [SpecificationError]
  ) throws(SpecificationErrors) -> (JSONNode, origins: [SourcePlace.Origin]) {
    let layers: [JSONNode]
    do throws(SpecificationError) {
      layers = try self.layers(file, extendedBy: [])
    } catch {
      throw SpecificationErrors([error])
    }
    var document = layers.dropFirst().reduce(layers[0]) { $0.merged(with: $1) }
    var places: KeyPlaces?
    for text in overrides {
      do throws(JSONError) {
        document = try Override(text).applied(to: document)
      } catch {
        let known = places ?? KeyPlaces(networks, losses)
        places = known
        errors.append(SpecificationError(known.told(error)))
      }
    }
    return (document, layers.map(\.place.origin) + overrides.map { .option($0) })
  }

  /// What the file extends, from the first on, then the file itself: to be merged in this order. A base's `name` and
  /// `title` are its own and are not handed down.
  private func layers(_ file: URL, extendedBy children: [String]) throws(SpecificationError) -> [JSONNode] {
    let shown = path(of: file)
    let node = try parse(file, shown, extendedBy: children)
    if let kind = ForeignFile(node, file) { throw SpecificationError(.noExperiment(kind), at: "", node.place) }
    guard case .object(let members) = node.content else {
      throw SpecificationError(Input(node).error(Input(node).wrongType("an object")))
    }
    if node["labels"] != nil, node["channel_names"] ?? node["modality"] != nil {
      let folder = path(of: file.deletingLastPathComponent())
      throw SpecificationError(.describesDataset(folder: folder), at: "", node.place)
    }
    let own = JSONNode(.object(members.filter { !["extends", "$schema"].contains($0.key) }), node.place)
    guard let link = node["extends"] else { return [own] }
    let input = Input(link, "extends")
    guard let base = link.text else { throw SpecificationError(input.error(input.wrongType("the name of a file"))) }
    guard !base.allSatisfy(\.isWhitespace) else {
      throw SpecificationError(input.error(.broken(rule: "it is empty; name a file, or take it out")))
    }
    let chain = children + [shown]
    let url = URL(fileURLWithPath: base, relativeTo: file.absoluteURL.deletingLastPathComponent()).absoluteURL
      .physicalFileURL
    if let start = chain.firstIndex(of: path(of: url)) {
      throw SpecificationError(.extendsCycle(chain[start...] + [path(of: url)]), at: "extends", link.place)
    }
    do throws(SpecificationError) {
      return try layers(url, extendedBy: chain).map(inherited) + [own]
    } catch {
      guard case .unreadable(let missing, let reason) = error.fault, missing == path(of: url) else { throw error }
      let more = reason == Self.missing ? insteadOfBase(base, at: url, extendedBy: chain) : ""
      throw SpecificationError(.unreadable(file: missing, reason: reason + more), at: "extends", link.place)
    }
  }

  private func inherited(_ base: JSONNode) -> JSONNode {
    guard case .object(let members) = base.content else { return base }
    return JSONNode(.object(members.filter { !["name", "title"].contains($0.key) }), base.place)
  }

  private func parse(
    _ file: URL, _ shown: String, extendedBy children: [String]
  ) throws(SpecificationError) -> JSONNode {
    let data: Data
    do throws(RegularFile.Refusal) { data = try RegularFile.read(file, limit: Self.longest) } catch {
      let reason =
        switch error {
        case .system(EISDIR): "it is a folder, and an experiment is a file; \(Self.instead(of: file, shown))"
        case .system(ENOENT) where DeadLink(at: file) == nil:
          Self.missing + (children.isEmpty ? Self.instead(ofMissing: file, shown) : "")
        default:
          DeadLink(at: file).map { "\($0.words(of: file.path)); \($0.remedy())" }
            ?? "\(error.reason.lowercased()); \(error.remedy(of: file))"
        }
      throw SpecificationError(.unreadable(file: shown, reason: reason), at: "", nil)
    }
    if data.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }) {
      throw SpecificationError(.noExperiment(.empty(file: shown)), at: "", SourcePlace(.file(shown)))
    }
    if let kind = ForeignFile(of: file) {
      throw SpecificationError(.noExperiment(kind), at: "", SourcePlace(.file(shown)))
    }
    do throws(JSONSyntaxError) {
      return try JSONParser.parse(Array(data), origin: .file(shown))
    } catch {
      let form = Specification.form(networks, losses)
      throw MisplacedWord.error(error, in: Array(data), form).map(SpecificationError.init) ?? SpecificationError(error)
    }
  }

  /// Whether a file is called as nnU-Net's own, which lie among images.
  private static func describesDataset(_ name: String) -> Bool {
    ["dataset.json", SplitsFile.name, "dataset_fingerprint.json", "dataset_description.json"].contains(name)
  }

  private static let missing = "no such file"

  /// Those that may be experiments.
  static func names(beside file: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)) ?? [])
      .filter { $0.hasSuffix(".json") && $0 != file.lastPathComponent && !describesDataset($0) }.sorted()
  }

  /// What was most likely meant; where nothing is called much alike, what there is in its place.
  private static func instead(ofMissing file: URL, _ shown: String) -> String {
    let names = names(beside: file)
    if let near = neighbour(of: file, among: names) { return Optional(near).hint }
    guard names.isEmpty else { return "; in its folder there is \(DatasetNotice.shortList(names))" }
    let folder = file.deletingLastPathComponent()
    guard FileManager.default.fileExists(atPath: folder.path) else {
      return ", and no folder \(folder.relativePath): correct the path"
    }
    let new = shown.hasSuffix(".json") ? shown : shown + ".json"
    return "; `safnet new FOLDER -o \(ShellWord.quoted(new))` writes one for a folder of images"
  }

  /// The experiment in the same folder that was most likely meant: the ending may have been left out.
  static func neighbour(of file: URL, among names: [String]) -> String? {
    let given = file.lastPathComponent
    let stems = names.map { String($0.dropLast(".json".count)) }
    // The ending that all of them have makes none alike.
    let stem = given.hasSuffix(".json") ? String(given.dropLast(".json".count)) : given
    return stem.nearest(in: stems).map { $0 + ".json" }
  }

  /// What a folder is, and the command for it.
  private static func instead(of folder: URL, _ shown: String) -> String {
    func holds(_ name: String, _ place: URL = folder) -> Bool {
      FileManager.default.fileExists(atPath: place.appendingPathComponent(name).path)
    }
    func isWorkspace(_ place: URL) -> Bool {
      holds("runs", place) && ["index.sqlite", "cache", "experiments"].contains { holds($0, place) }
    }
    if holds("plan.json") || holds("journal.jsonl") {
      return "`safnet runs show \(ShellWord.quoted(folder.lastPathComponent))` shows the run that it is of"
    }
    if holds("report.json") { return "this one is a report: give the file of the experiment that it is of" }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    if names.contains(where: { holds("report.json", folder.appendingPathComponent($0)) }) {
      return "reports lie in this one: give the file of the experiment that is meant"
    }
    let upper = folder.standardizedFileURL.deletingLastPathComponent()
    if folder.lastPathComponent == "runs", isWorkspace(upper) {
      return
        "this one is the folder of a workspace's runs: give the experiment's file, and the workspace, if it is not Workspace, by"
        + " --workspace \(ShellWord.quoted(upper.relativePath))"
    }
    if isWorkspace(folder) {
      return "this one is a workspace: give the experiment's file, and this by --workspace \(ShellWord.quoted(shown));"
        + " `safnet runs list --workspace \(ShellWord.quoted(shown))` says which experiments its runs are of"
    }
    return
      "`safnet new \(ShellWord.quoted(shown)) -o study.json` writes one for a folder of images, and `safnet dataset check"
      + " \(ShellWord.quoted(shown))` looks through them"
  }

  /// As messages show it: relative to the working directory for a file inside it.
  func path(of file: URL) -> String {
    let absolute = URL(fileURLWithPath: file.path, relativeTo: workingDirectory).absoluteURL.physicalFileURL.path
    let root = workingDirectory.standardizedFileURL.path
    return absolute.hasPrefix(root + "/") ? String(absolute.dropFirst(root.count + 1)) : absolute
  }
}

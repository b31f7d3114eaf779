import Foundation
import Store
import Text
import Volumes
import Workbench

/// A word too many behind `safnet evaluate`, which takes two.
enum StrayOfEvaluate {
  /// - Parameter words: all of the command's own.
  static func words(_ word: String, _ words: [String]) -> String {
    let (own, options) = divided(words)
    func command(_ own: [String], _ more: [String] = []) -> String {
      "`\(MeantCommand.typed(["evaluate"] + own + more + options))`"
    }
    if let folders = folders(of: own) {
      return "the shell put the files there one by one: give their two folders, \(command(folders))"
    }
    let takes = "`safnet evaluate` takes a prediction and its truth, two files or two folders, and "
    if let namesake = namesake(among: own, options) {
      let rest = own.filter { $0 != namesake.word }
      if let both = rest.count == 2 ? rest : folders(of: rest) ?? listed(in: rest)?.both {
        return takes + "\(namesake.word) is \(namesake.what): where its structures are meant, type "
          + command(both, [namesake.option, namesake.word])
      }
    }
    if let (folder, both) = listed(in: own) {
      return "the shell put the files of \(folder) there one by one: give the folder, \(command(both))"
    }
    let start = takes + "'\(word)' is one more: "
    if let file = own.first(where: { $0.lowercased().hasSuffix(".json") }).map(ShellWord.quoted) {
      return start
        + "a dataset.json that names the structures is given by --labels \(file), an experiment by --experiment \(file)"
    }
    if let truth = own.last, own.count > 2, own.allSatisfy(holdsMaps) {
      let each = own.dropLast().map { "`safnet evaluate \(ShellWord.quoted($0)) \(ShellWord.quoted(truth))`" }
      return start + "give the command once for each, \(each.joined(separator: ", then "))"
    }
    if own.count == 3, let (words, both, more) = beside(own, options) { return takes + words + command(both, more) }
    if let both = some(of: own) { return start + "give two label maps, or two folders: \(command(both))" }
    return start + "a run, whose structures are meant, is given by --run RUN"
  }

  /// Of one word beside a pair: what it is, the pair, and the option that takes the word.
  private static func beside(
    _ own: [String], _ options: [String]
  ) -> (words: String, both: [String], more: [String])? {
    func pair(without word: String) -> [String] { own.filter { $0 != word } }
    if let table = own.first(where: { $0.lowercased().hasSuffix(".csv") }), pair(without: table).allSatisfy(isFolder),
      !options.contains(where: { $0.hasPrefix("--csv") })
    {
      return ("\(table) is a table: where all scores are to go into it, type ", pair(without: table), ["--csv", table])
    }
    let absent = own.filter { !FileManager.default.fileExists(atPath: $0) }
    if absent.count == 1, pair(without: absent[0]).count == 2 {
      return ("'\(absent[0])' is no file, no folder and no run: without it, type ", pair(without: absent[0]), [])
    }
    guard absent.isEmpty, own.allSatisfy(isMap) else { return nil }
    // As nnU-Net calls the first channel of an image.
    let images = own.filter { NIfTIFiles.stem($0)?.hasSuffix("_0000") == true }
    if images.count == 1 { return ("\(images[0]) is an image: type ", pair(without: images[0]), []) }
    let names = own.map { URL(fileURLWithPath: $0).lastPathComponent }
    let other = own.indices.first { place in names.count { $0 == names[place] } == 1 }
    // Be the first two or the last two of one kind, these are a pair.
    guard let other, Set(names).count == 2 else {
      return ("a command scores one pair, such as ", [own[0], own[2]], [])
    }
    return ("\(own[other]) is of another case: type ", pair(without: own[other]), [])
  }

  /// What stands by itself, and the options with their values.
  private static func divided(_ words: [String]) -> (own: [String], options: [String]) {
    let places = FlagWord.own(of: words, from: 0, FlagWord.flags(of: EvaluateCommand.self).union(["--"]))
    let options = words.indices.filter { !places.contains($0) }
    return (places.map { words[$0] }, options.map { words[$0] })
  }

  /// A word that names structures, what it is and its option; nil too where an option does so already.
  private static func namesake(
    among own: [String], _ options: [String]
  ) -> (word: String, what: String, option: String)? {
    let names = options.map { String($0.prefix { $0 != "=" }) }
    guard Set(names).isDisjoint(with: ["--run", "--experiment", "--labels"]) else { return nil }
    for word in own {
      if let file = NamesFile(word) { return (word, file.words, file.option) }
    }
    let workspace = WorkspaceOptions.workspace(of: options)
    return own.first { isRun($0, in: workspace) }.map { ($0, "a run", "--run") }
  }

  private static func isRun(_ word: String, in workspace: Workspace) -> Bool {
    let isElse = FileManager.default.fileExists(atPath: word) && !isRunFolder(word)
    return !isElse && (try? workspace.runs(named: word, takesSeveral: false)) != nil
  }

  private static func isRunFolder(_ word: String) -> Bool {
    RunDirectory(URL(fileURLWithPath: word, isDirectory: true)).exists
  }

  /// Whether it is a folder with label maps in it, and no run.
  private static func holdsMaps(_ word: String) -> Bool {
    VolumeList.holdsVolumes(URL(fileURLWithPath: word, isDirectory: true)) && !isRunFolder(word)
  }

  /// The two folders whose content a shell has listed, folders in them too; nil: not all words are there, or of one folder one alone.
  private static func folders(of own: [String]) -> [String]? {
    guard let all = parents(of: own[...]) else { return nil }
    let folders = all.distinct
    let areListed = folders.allSatisfy { one in all.count { $0 == one } > 1 }
    return folders.count == 2 && areListed ? folders : nil
  }

  /// The folder whose files a shell has listed before or behind another one, and both in their order.
  private static func listed(in own: [String]) -> (folder: String, both: [String])? {
    if let last = own.last, let folder = parent(of: own.dropLast(), beside: last) { return (folder, [folder, last]) }
    if let first = own.first, let folder = parent(of: own.dropFirst(), beside: first) {
      return (folder, [first, folder])
    }
    return nil
  }

  /// Of a few label maps of one folder beside a folder that has the same cases: both folders in their order.
  private static func some(of own: [String]) -> [String]? {
    guard let first = own.first, let last = own.last else { return nil }
    let isBehind = isFolder(last)
    let maps = isBehind ? own.dropLast() : own.dropFirst()
    guard isBehind || isFolder(first), maps.allSatisfy(isMap), let found = parents(of: maps)?.distinct, found.count == 1
    else { return nil }
    let both = isBehind ? [found[0], last] : [first, found[0]]
    let places = both.map { URL(fileURLWithPath: $0, isDirectory: true) }
    guard let pairs = try? CasePairs(predictions: places[0], truths: places[1]).pairs else { return nil }
    let paired = Set(pairs.map { (isBehind ? $0.prediction : $0.truth).lastPathComponent })
    return maps.allSatisfy { paired.contains(URL(fileURLWithPath: $0).lastPathComponent) } ? both : nil
  }

  private static func isFolder(_ word: String) -> Bool {
    VolumeList.isFolder(URL(fileURLWithPath: word)) && !isRunFolder(word)
  }

  /// The one folder that several words are from; nil where two of more may be a pair.
  private static func parent(of words: ArraySlice<String>, beside other: String) -> String? {
    let place = URL(fileURLWithPath: other)
    guard VolumeList.isFolder(place), !isRunFolder(other), words.count > 1, words.contains(where: isMap),
      let folder = parents(of: words)?.distinct, folder.count == 1
    else { return nil }
    let parent = URL(fileURLWithPath: folder[0], isDirectory: true)
    let maps = ((try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []).filter(isMap)
    return parent.standardizedFileURL.path == place.standardizedFileURL.path || words.count == 2 && maps.count > 2
      ? nil : folder[0]
  }

  private static func isMap(_ word: String) -> Bool {
    NIfTIFiles.isSingle(URL(fileURLWithPath: word).lastPathComponent)
  }

  /// The folder of each; nil where one is not there.
  private static func parents(of words: ArraySlice<String>) -> [String]? {
    let files = words.map { URL(fileURLWithPath: $0) }
    guard files.allSatisfy({ FileManager.default.fileExists(atPath: $0.path) }) else { return nil }
    // Of a name of one letter NSString's deletingLastPathComponent is a trap.
    return files.map { $0.deletingLastPathComponent().relativePath }
  }
}

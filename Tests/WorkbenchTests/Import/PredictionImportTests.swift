import Foundation
import Reporting
import Store
import Testing
import Workbench

/// A run's own maps, given back as if a colleague had made them.
@Suite struct PredictionImportTests {
  let console = RecordedConsole()
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  /// Every map of a variant in one folder.
  private func maps(of variant: String) throws -> URL {
    let folder = sweep.folder.appending(path: "maps")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let statuses = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: console).read()
    for status in statuses where status.variant == variant {
      let predictions = sweep.workspace.runDirectory(named: status.run).predictionsFolder
      for name in try FileManager.default.contentsOfDirectory(atPath: predictions.path)
      where name.hasSuffix(".nii.gz") {
        try FileManager.default.copyItem(
          at: predictions.appending(path: name), to: folder.appending(path: name))
      }
    }
    return folder
  }

  private func report() throws -> ReportSession {
    try ReportSession(
      specification: sweep.specification(), workspace: sweep.workspace, output: sweep.path("report"),
      program: SmallSweep.program, console: console)
  }

  /// Digit for digit in every table: the scores of a method do not depend on who made its maps.
  @Test func theSameMapsHaveTheSameScores() throws {
    let session = ImportSession(
      try sweep.specification(), .predictions(try maps(of: "Base")), name: "A colleague's network")
    let directory = try session.run(in: sweep.workspace, console: console)
    #expect(try directory.isWhole())
    let report = try report().report
    var compared = 0
    for table in report.tables where table.kind != .cost {
      let ours = cells(of: "Base", in: table)
      let theirs = cells(of: "A colleague's network", in: table)
      #expect(ours.count == theirs.count)
      for (own, other) in zip(ours, theirs) {
        // Which parts a network has is known of our own only.
        if case .tick = own.cell.content { continue }
        #expect(own.cell.content == other.cell.content, "\(table.kind), \(own.name)")
        #expect(own.cell.rank == other.cell.rank && own.cell.source?.count == other.cell.source?.count)
        compared += 1
      }
    }
    #expect(compared > 40)
    let cost = try #require(report.table(.cost))
    #expect(cells(of: "A colleague's network", in: cost).allSatisfy { $0.cell.content == .missing })
    #expect(report.status == nil)
  }

  @Test func aListSaysWhatAMethodStandsBeside() throws {
    let session = ImportSession(try sweep.specification(), .predictions(try maps(of: "Base")), name: "Theirs")
    let directory = try session.run(in: sweep.workspace, console: console)
    let all = try RunList(in: sweep.workspace, console: console)
    let row = try #require(all.runs.first { $0.run == directory.name })
    #expect(row.experiments == ["small"] && row.variant == "Theirs" && row.fold == nil)
    #expect(
      all.lines().contains { $0.hasPrefix(directory.name) && $0.contains("  small  ") && $0.contains("  Theirs  ") })
    for isFile in [true, false] {
      var selection = RunList.Selection()
      selection.experiment = "small"
      selection.file = isFile ? sweep.folder.appending(path: "small.json") : nil
      #expect(try RunList(selection, in: sweep.workspace, console: console).runs.count == 5)
    }
    let summary = try sweep.workspace.summaries(of: [directory.name])[directory.name]
    #expect(summary?.contains("of no known experiment") == false && summary?.contains("  small  ") == true)
  }

  @Test func mapsInCapitalsAreNotLeftOut() throws {
    let folder = try maps(of: "Base")
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).min())
    try FileManager.default.moveItem(
      at: folder.appending(path: name),
      to: folder.appending(path: name.replacingOccurrences(of: ".nii.gz", with: ".NII.GZ")))
    let session = ImportSession(try sweep.specification(), .predictions(folder), name: "Theirs")
    let error = #expect(throws: ImportProblems.self) { try session.run(in: sweep.workspace, console: console) }
    #expect(error?.description.contains("its ending is in capitals") == true)
    #expect(error?.description.contains("mv ") == true && error?.description.contains(name) == true)
  }

  /// As `validate` says of two variants: nobody tells such rows apart.
  @Test func aNameMuchLikeAnothersIsWarnedOf() throws {
    let (folder, specification) = (try maps(of: "Base"), try sweep.specification())
    func warnings(_ name: String) throws -> String {
      let console = RecordedConsole()
      _ = try ImportSession(specification, .predictions(folder), name: name).run(in: sweep.workspace, console: console)
      return console.errors
    }
    #expect(try warnings("base").contains("warning: --name 'base' differs from 'Base' only in case or blanks"))
    #expect(try !warnings("X").contains("differs from"))
    #expect(try warnings("x").contains("--name 'x' differs from 'X' only in case or blanks"))
  }

  /// A method is a row, or a column where structures are rows.
  private func cells(of method: String, in table: Table) -> [(name: String, cell: Cell)] {
    if let column = table.columns.firstIndex(of: method) { return table.rows.map { ($0.label, $0.cells[column]) } }
    return table.rows.filter { $0.label == method }.flatMap { Array(zip(table.columns, $0.cells)) }
      .map { (name: $0.0, cell: $0.1) }
  }

  /// The references themselves, given as a method's maps: all of them, and one among others.
  @Test func theReferencesAreNotTakenForAMethodsMaps() throws {
    let masks = sweep.folder.appending(path: "phantom/Mask")
    let folder = sweep.folder.appending(path: "truths")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: masks.path) {
      let own = "Case" + name.dropFirst("mask_case".count)
      try FileManager.default.copyItem(at: masks.appending(path: name), to: folder.appending(path: own))
    }
    let specification = try sweep.specification()
    let directory = try ImportSession(specification, .predictions(folder), name: "perfect").run(
      in: sweep.workspace, console: console)
    #expect(
      console.errors.contains("maps equal the reference masks voxel for voxel, as no network's do"), "\(console.errors)"
    )
    #expect(console.errors.contains("warning: all "), "\(console.errors)")
    #expect(try directory.readImport().notices.contains { $0.hasPrefix("all ") })
    let mixed = try maps(of: "Base")
    let first = try #require(try FileManager.default.contentsOfDirectory(atPath: mixed.path).sorted().first)
    try FileManager.default.removeItem(at: mixed.appending(path: first))
    try FileManager.default.copyItem(at: folder.appending(path: first), to: mixed.appending(path: first))
    let other = RecordedConsole()
    _ = try ImportSession(specification, .predictions(mixed), name: "mixed").run(in: sweep.workspace, console: other)
    #expect(
      other.errors.contains("the maps of \(first.dropLast(".nii.gz".count)) equal the reference masks"),
      "\(other.errors)")
  }

  /// Below every table in which they stand.
  @Test func rowsThatAreTheTruthAreSaidSo() throws {
    let folder = sweep.folder.appending(path: "truths")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for number in 1...8 {
      try FileManager.default.copyItem(
        atPath: sweep.path("phantom/Mask/mask_case\(number).nii.gz"), toPath: folder.path + "/Case\(number).nii.gz")
    }
    try ImportSession(try sweep.specification(), .predictions(folder), name: "perfect").run(
      in: sweep.workspace, console: console)
    let table = try #require(report().report.table(.ablation))
    #expect(
      table.notes.contains {
        $0.contains("equal the truth in every voxel, as no network's do: it may be the truth itself")
      },
      "\(table.notes)")
  }

  /// Called as nnU-Net calls images, or as their cases: in either way they are no label maps.
  @Test func imagesAreNotTakenForLabelMaps() throws {
    func refusal(_ folder: String) throws -> String {
      let error = #expect(throws: ImportProblems.self) {
        try ImportSession(
          try sweep.specification(), .predictions(URL(fileURLWithPath: sweep.path(folder))), name: "images"
        ).run(in: sweep.workspace, console: console)
      }
      return error?.description ?? ""
    }
    try FileManager.default.createDirectory(atPath: sweep.path("imagesTr"), withIntermediateDirectories: false)
    for number in 1...8 {
      try FileManager.default.copyItem(
        atPath: sweep.path("phantom/MR/Case\(number).nii.gz"), toPath: sweep.path("imagesTr/Case\(number)_0000.nii.gz"))
    }
    let named = try refusal("imagesTr")
    #expect(
      named.contains("imagesTr holds images, not label maps: Case1_0000.nii.gz is a channel of the image Case1. Give"),
      "\(named)")
    let plain = try refusal("phantom/MR")
    #expect(plain.contains(" numbers that are no label's: it is an image or a map of probabilities"), "\(plain)")
  }

  @Test func theReportHoldsItAndChecks() throws {
    let session = ImportSession(
      try sweep.specification(), .predictions(try maps(of: "Base")), name: "A colleague's network")
    try session.run(in: sweep.workspace, console: console)
    try report().write(searchPath: "", console: console)
    let record = try #require(ReportRecord(in: URL(fileURLWithPath: sweep.path("report"))))
    let own = record.runs.filter { $0.variant == "A colleague's network" }
    #expect(own.map(\.imported) == ["another program", "another program"] && own.allSatisfy { $0.cases == 3 })
    #expect(!console.errors.contains("is not shown among the overlays"))
    var settings = ReportSession.Settings()
    settings.likeWritten = true
    let again = try ReportSession(
      specification: sweep.specification(), workspace: sweep.workspace, output: sweep.path("report"),
      settings: settings, program: SmallSweep.program, console: console)
    #expect(again.differences() == [])
    #expect(try again.explanation(method: "A colleague's network", cell: "fold 1").contains("imported-a-colleague"))
  }

  /// A list says which file is which case, and of which fold's network; a network that has seen its case is refused.
  @Test func aListNamesFilesAndFolds() throws {
    let folder = try maps(of: "Base")
    var session = ImportSession(try sweep.specification(), .predictions(folder), name: "Colleague")
    let plain = try session.run(in: sweep.workspace, console: console).readImport()
    var lines = ["file,case,fold"]
    for fold in plain.folds {
      for map in fold.maps {
        try FileManager.default.moveItem(
          at: folder.appending(path: map.file), to: folder.appending(path: "x\(map.name).nii.gz"))
        lines.append("x\(map.name).nii.gz,\(map.name),\(fold.number)")
      }
    }
    let list = sweep.folder.appending(path: "list.csv")
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: list)
    session.cases = list
    session = ImportSession(session.specification, session.source, name: "Colleague with a list")
    session.cases = list
    let listed = try session.run(in: sweep.workspace, console: console).readImport()
    #expect(listed.folds.map { $0.maps.map(\.sha256) } == plain.folds.map { $0.maps.map(\.sha256) })
    #expect(!listed.notices.contains { $0.contains("believed, not checked") })
    #expect(plain.notices.contains { $0.contains("believed, not checked") })

    lines[1] = lines[1].dropLast() + "2"
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: list)
    let error = #expect(throws: ImportProblems.self) { try session.run(in: sweep.workspace, console: console) }
    let name = plain.folds[0].maps[0].name
    #expect(error?.problems.contains(.trainedOn(file: "x\(name).nii.gz", name: name, fold: 2)) == true)
  }

  /// From another folder the method would stand in a workspace of its own, beside nothing.
  @Test func theWorkspaceThatHasTheRunsIsMeant() throws {
    let elsewhere = Workspace(sweep.folder.appending(path: "sub/Workspace"))
    var session = ImportSession(try sweep.specification(), .predictions(try maps(of: "Base")), name: "Colleague")
    let error = #expect(throws: RunsElsewhere.self) { try session.run(in: elsewhere, console: console) }
    #expect(
      error?.description.contains("`--workspace \(sweep.workspace.root.path)` goes on there. To import here") == true)
    #expect(!FileManager.default.fileExists(atPath: elsewhere.root.path))
    session.isWorkspaceAsked = true
    #expect(try session.run(in: elsewhere, console: console).isWhole())
    #expect(console.errors.contains("notice: no run of small was begun in \(elsewhere.root.path) yet"))
  }

  @Test func theSameMapsUnderASecondNameAreSaid() throws {
    let folder = try maps(of: "Base")
    for (name, isSecond) in [("One", false), ("One", false), ("Two", true)] {
      let console = RecordedConsole()
      try ImportSession(try sweep.specification(), .predictions(folder), name: name).run(
        in: sweep.workspace, console: console)
      #expect(console.errors.contains("warning: the same maps are imported as 'One' already") == isSecond)
    }
  }

  /// Where their numbers are given another meaning, other scores come of it.
  @Test func theSameMapsReadOtherwiseAreAnotherMethod() throws {
    let folder = try maps(of: "Base")
    var session = ImportSession(try sweep.specification(), .predictions(folder), name: "One")
    let record = try session.run(in: sweep.workspace, console: console).readImport()
    let (first, second) = (record.structures[0], record.structures[1])
    func entry(_ name: String) -> Int? { record.numbers.first { $0.value == name }?.key }
    var labels = record.structures.reduce(into: [String: Int]()) { $0[$1] = entry($1) }
    for (name, isSame) in [("Same", true), ("Other", false)] {
      if !isSame { (labels[first], labels[second]) = (labels[second], labels[first]) }
      let file = sweep.folder.appending(path: "labels.json")
      try JSONEncoder().encode(labels).write(to: file)
      session = ImportSession(try sweep.specification(), .predictions(folder), name: name)
      session.labels = file
      let console = RecordedConsole()
      try session.run(in: sweep.workspace, console: console)
      #expect(console.errors.contains("warning: the same maps are imported as 'One' already") == isSame)
    }
  }

  /// Before anything is prepared.
  @Test func aFolderThatIsNotThereLeavesNothing() throws {
    let fresh = Workspace(sweep.folder.appending(path: "fresh/Workspace"))
    var session = ImportSession(
      try sweep.specification(), .predictions(sweep.folder.appending(path: "none")), name: "Colleague")
    session.isWorkspaceAsked = true
    #expect(throws: (any Error).self) { try session.run(in: fresh, console: console) }
    #expect(!FileManager.default.fileExists(atPath: fresh.root.path) && !console.errors.contains("preparing"))
  }

  /// Prepared cases suffice: the dataset may be gone.
  @Test func theDatasetIsNotNeeded() throws {
    let folder = try maps(of: "Base")
    try FileManager.default.removeItem(at: sweep.folder.appending(path: "phantom"))
    // A phantom would be made anew; without the recipe, the folder is simply gone.
    let text = try String(contentsOf: sweep.folder.appending(path: "small.json"), encoding: .utf8)
    let bare = text.replacing(/, "phantom": \{[^}]*\}/, with: "")
    try Data(bare.utf8).write(to: sweep.folder.appending(path: "small.json"))
    let session = ImportSession(try sweep.specification(), .predictions(folder), name: "Colleague")
    #expect(try session.run(in: sweep.workspace, console: console).isWhole())
    #expect(console.errors.contains("the dataset was not looked at"))
  }
}

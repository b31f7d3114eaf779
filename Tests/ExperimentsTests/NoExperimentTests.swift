import Experiments
import Foundation
import TestSupport
import Testing

/// Files of other kinds in the place of an experiment.
@Suite struct NoExperimentTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func fault(_ name: String) -> SpecificationError.Fault? {
    do {
      _ = try Specification.load(temporary.file(name), workingDirectory: temporary.url)
      return nil
    } catch { return error.errors.count == 1 ? error.errors[0].fault : nil }
  }

  @Test(arguments: [
    (#"{"format": 1, "identity": "x", "environment": {}, "plan": {}}"#, ForeignFile.plan(run: "run-1")),
    (#"{"format": 1, "cases": {}, "methods": []}"#, .predictions(folder: "run-1")),
    (#"{"tables": [], "runs": [], "provenance": {}}"#, .report),
    (#"{"name": "x", "variants": [{"name": "a", "runs": []}]}"#, .claims),
    (#"[{"train": [], "val": []}]"#, .splits), (#"{"plans_name": "x", "configurations": {}}"#, .nnUNetPlans),
    (#"{"training": [{"image": "a", "label": "b"}]}"#, .dataList(file: "run-1/x.json", cases: 1)),
    (#"{"$schema": "x", "properties": {}}"#, .schema),
    (#"{"partition": "cpu", "cpus": 8, "setup": []}"#, .site(file: "run-1/x.json")),
    ("{\"time\":1,\"event\":\"started\"}\n{}", .journal),
    ("case,image,label\n", .table), ("name: x\n", .yaml), ("---\nname: x\n", .yaml), ("dataset:\n  path: d\n", .yaml),
    ("# study\n\ntrainer:\n", .yaml), ("[training]\nepochs = 3\n", .toml), ("import torch\n", .python),
    ("#!/bin/bash\n#SBATCH -p gpu\n", .script), ("#!/usr/bin/env python3\n", .python),
    ("SQLite format 3\u{0}", .database), ("PK\u{3}\u{4}", .archive),
    (String(repeating: "\u{0}", count: 128) + "DICM", .dicom),
  ]) func kindsAreToldByWhatTheyHold(text: String, kind: ForeignFile) throws {
    try FileManager.default.createDirectory(at: temporary.file("run-1"), withIntermediateDirectories: true)
    try temporary.write("run-1/x.json", text)
    guard case .noExperiment(let found)? = fault("run-1/x.json") else {
      Issue.record("\(text): \(String(describing: fault("run-1/x.json")))")
      return
    }
    // A folder is shown as it is reached from here.
    switch kind {
    case .predictions: #expect(found.words.contains("run-1 TRUTHS`"))
    case .dataList:
      #expect(found.words.hasPrefix("it is a list of 1 case as MONAI reads it and no experiment; cases are listed"))
    case .site:
      #expect(found.words.hasPrefix("it is a site file (--site) and no experiment; give the experiment's file"))
      #expect(found.words.contains("run-1/x.json"))
    default: #expect(found == kind)
    }
  }

  /// By what is in it, or by its name where that does not show.
  @Test(arguments: [
    ("x.docx", "PK\u{3}\u{4}", "it is a Word document and no experiment; save it as plain text (UTF-8), in JSON"),
    ("x.json", "PK\u{3}\u{4} word/document.xml", "it is a Word document and no experiment; save it as plain text"),
    ("x.odt", "PK\u{3}\u{4}", "it is an OpenDocument text and no experiment; save it as plain text"),
    ("x.xlsx", "PK\u{3}\u{4}", "it is an Excel workbook and no experiment; an experiment is plain text (JSON); a list"),
  ]) func aDocumentIsToldHowToBecomeText(name: String, text: String, words: String) throws {
    try temporary.write(name, text)
    guard case .noExperiment(let found)? = fault(name) else {
      Issue.record("\(name): \(String(describing: fault(name)))")
      return
    }
    #expect(found.words.hasPrefix(words), "\(found.words)")
  }

  @Test(arguments: [("train.py", ForeignFile.python), ("job.slurm", .script), ("c.toml", .toml)])
  func programsAreToldByTheirNames(name: String, kind: ForeignFile) throws {
    try temporary.write(name, "x = 1\n")
    #expect(fault(name) == .noExperiment(kind))
  }

  /// What may be meant for one keeps its own mistakes.
  @Test(arguments: [
    "{}", #"{"name": "x"}"#, #"{"name": "x", "dataset": {}, "identity": 1, "plan": 2, "environment": 3}"#, "text",
    #"{"variants": [{"name": "a"}], "name": "x"}"#, #"{"variants": [{"name": "a"}], "partition": "cpu"}"#, "{\"a\", 1}",
    "[null]", "{\n# said\n}",
  ]) func mistakesOfAnExperimentStay(text: String) throws {
    try temporary.write("x.json", text)
    if case .noExperiment(let kind)? = fault("x.json") { Issue.record("\(text) is called \(kind)") }
    #expect(throws: SpecificationErrors.self) { try Specification.load(temporary.file("x.json")) }
  }
}

import Foundation
import Interchange
import JSON

/// The test cases' label maps as a derivative of BIDS, each with the JSON from which dcmqi makes a DICOM segmentation.
struct BIDSExport {
  let runs: ExportedRuns
  let program: RunningProgram
  func write(to folder: inout ExportFolder) throws {
    let name = "safnet: \(runs.title.map { "\($0.variant) of \($0.experiment)" } ?? "label maps")"
    let tested = try TestPredictions(runs, program)
    let (cases, structures) = (tested.cases, tested.structures)
    let derivative = BIDSDerivative(
      cases: cases.map(\.name), structures: structures, version: program.version)
    for (subject, (part, case_)) in zip(derivative.subjects, cases) {
      try folder.write(subject.path("dseg.nii.gz"), part.labelMap(case_))
      try folder.write(subject.path("dseg.json"), json: derivative.sidecar(of: subject, by: part.source))
      try folder.write(
        "code/dcmqi/\(subject.name).json",
        json: SegmentationCodes.json(structures, name: case_, version: program.version))
    }
    let unknown = SegmentationCodes.unknown(in: structures)
    if !unknown.isEmpty {
      folder.say(
        "without a SNOMED code of their own, written as any anatomical structure: \(unknown.joined(separator: ", "))")
    }
    folder.say("left out: the images, and scores; sub-X is the case of participants.tsv")
    try folder.write("dseg.tsv", derivative.labels)
    try folder.write("participants.tsv", derivative.participants)
    try folder.write("participants.json", json: derivative.participantsDescription)
    let provenance = program.provenance(of: tested.plans, notes: runs.notes + folder.notes)
    let sources = tested.parts.map(\.source)
    try folder.write(
      "dataset_description.json",
      json: derivative.description(name: name, networks: sources))
    try folder.write(
      "code/safnet.json",
      json: JSONValue.object([
        ("runs", .array(sources.map { .object($0.members) })), ("provenance", provenance.json),
      ]))
    try folder.write("README", BIDSExport.readme(name))
  }

  private static func readme(_ name: String) -> String {
    """
    \(name)

    Label maps that safnet's networks made of cases they were not trained on. dseg.tsv names the labels, participants.tsv
    the cases, code/safnet.json the networks. A DICOM segmentation of one, with its images in FOLDER:

        itkimage2segimage --inputImageList sub-X/anat/sub-X_dseg.nii.gz --inputDICOMDirectory FOLDER \\
          --inputMetadata code/dcmqi/sub-X.json --outputDICOM sub-X.dcm

    """
  }
}

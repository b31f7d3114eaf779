import ArgumentParser
import Foundation
import Volumes
import Workbench

struct DatasetImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "List images and masks of any other layout in a manifest, which experiments read.",
    discussion: """
      Give a BIDS folder, or the path of an image and that of a mask with one * where the case's name stands. Nothing is \
      copied; the manifest is what `dataset.path` of an experiment then names. Its structures go into `dataset.labels`; \
      with --numbers the line for it is printed. docs/interchange.md says what converts .mha and .nrrd.

      Examples:
        safnet dataset import study.csv --images 'scans/*/t2.nii.gz' \\
          --masks 'scans/*/seg.nii.gz'
        safnet dataset import study.csv --images 'mri/*.nii' \\
          --masks 'labels/*_seg.nii' --patient-ends _visit
        safnet dataset import study.csv --bids my-bids --image-ends T2w \\
          --mask-ends dseg
        safnet dataset import spider.csv --images 'images/*_t2.nii.gz' \\
          --masks 'masks/*_t2.nii.gz' --numbers spider
        safnet dataset import verse.csv --bids verse20 --image-ends ct \\
          --mask-ends seg-vert_msk --numbers verse
      """)

  @Argument(help: "The manifest to write (CSV).") var manifest: String
  @Option(
    help: ArgumentHelp("Where the images are; in quotes, or the shell replaces the *.", valueName: "path with *"),
    transform: CasePattern.given)
  var images: CasePattern?
  @Option(
    help: ArgumentHelp("Where the masks are; in quotes too.", valueName: "path with *"), transform: CasePattern.given)
  var masks: CasePattern?
  @Option(
    help: ArgumentHelp(
      "The patient's name is the case's up to this text, so that no patient is trained and tested on.",
      valueName: "text"))
  var patientEnds: String?
  @Option(
    help: ArgumentHelp("A BIDS folder, masks below its derivatives; the subject is the patient.", valueName: "folder"))
  var bids: String?
  @Option(
    help: ArgumentHelp(
      "What image names end with in a BIDS folder, after the entities; without this \(BIDSFolder.usualImages).",
      valueName: "text"))
  var imageEnds: String?
  @Option(
    help: ArgumentHelp(
      "What mask names end with in its derivatives; without this \(BIDSFolder.usualMasks).", valueName: "text"))
  var maskEnds: String?
  @Option(
    help: ArgumentHelp("What the masks' numbers mean: spider or verse. All masks are read.", valueName: "dataset"))
  var numbers: LabelScheme?

  func validate() throws {
    if manifest == OutputPlace.stream { throw ValidationError("\(StreamForOutput(manifest, isFolder: false))") }
    if !manifest.lowercased().hasSuffix(".csv") {
      throw ValidationError(NewDataset.refusal(ofManifest: manifest))
    }
    if let bids {
      let place = URL(fileURLWithPath: bids)
      if FileManager.default.fileExists(atPath: bids), !VolumeList.isFolder(place) {
        throw ValidationError("--bids \(bids) is a file, and a BIDS folder holds sub-*/ and derivatives/: give that")
      }
      if images != nil || masks != nil || patientEnds != nil {
        throw ValidationError("--bids finds images, masks and patients; leave --images, --masks and --patient-ends out")
      }
      if imageEnds?.isEmpty == true || maskEnds?.isEmpty == true {
        throw ValidationError("--image-ends and --mask-ends take a text")
      }
    } else if images == nil || masks == nil {
      throw ValidationError("give --images and --masks, or --bids")
    } else if let idle = [("--image-ends", imageEnds), ("--mask-ends", maskEnds)].first(where: { $1 != nil })?.0 {
      throw ValidationError(
        "\(idle) goes with --bids, and without it the names' ends stand in --images and --masks: leave \(idle) out")
    }
  }

  func run() throws {
    if let bids {
      let folder = BIDSFolder(
        root: URL(fileURLWithPath: bids, isDirectory: true), images: imageEnds ?? BIDSFolder.usualImages,
        masks: maskEnds ?? BIDSFolder.usualMasks)
      console.print(try NewDataset.list(folder, scheme: numbers, in: manifest))
    } else if let images, let masks {
      console.print(
        try NewDataset.list(images: images, masks: masks, patientEnds: patientEnds, scheme: numbers, in: manifest))
    }
  }
}

extension CasePattern {
  fileprivate static func given(_ path: String) throws -> CasePattern {
    guard let pattern = CasePattern(path) else { throw ValidationError(refusal(of: path)) }
    return pattern
  }
}

extension LabelScheme: ExpressibleByArgument {}

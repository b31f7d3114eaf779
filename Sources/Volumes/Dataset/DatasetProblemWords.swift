import Foundation
import System
import Text

extension DatasetProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let file, let reason, let remedy):
      "\(file): cannot be read (\(reason)); \(remedy)\(Self.slashes(file))"
    case .deadLink(let file, let link):
      "\(file): \(link.words(of: file)); \(Self.remedy(of: link))"
    case .nothingThere(let folder, _) where Self.isAddress(folder),
      .lostDataset(let folder, _, _, _) where Self.isAddress(folder):
      "\(folder): it is an address, and nothing is fetched from there: download it, and give the path that it has here"
    case .nothingThere(let folder, let nearest):
      "\(folder): there is no such file or folder\(nearest.closingHint) "
        + (Self.isNumber(folder)
          ? "A dataset is given by its folder's path, not by its number in nnU-Net"
          : "Correct the path\(Self.slashes(folder))")
    case .lostDataset(let folder, let nearest, let elsewhere, let option):
      "\(folder): there is no such file or folder\(nearest.closingHint) "
        + "If it was moved\(elsewhere.map { ", perhaps to \($0)" } ?? ""), \(Self.newPath(elsewhere, option)), and finished"
        + " runs of this workspace stay finished; else correct the path, which counts from \(Self.start(option))\(Self.slashes(folder))"
    case .unknownLayout(let folder, let hint): "\(folder): no known layout; \(hint?.words ?? Self.layouts)"
    case .otherLayout(let folder, let wanted, let found):
      "\(folder): is of \(found.title), and the layout \(wanted.rawValue) was named; name \(found.rawValue), or leave the"
        + " layout out (dataset.layout in an experiment)"
    case .dicom(let place, let files):
      files.example == place
        ? "\(place): is DICOM; \(files.remedy)" : "\(place): holds DICOM (\(files.example)); \(files.remedy)"
    case .foreign(let volumes): volumes.words
    case .missingFolder(let folder, let wanted, let nearest):
      "\(folder): this folder is missing; files named \(wanted) are wanted in it"
        + (nearest.map { ". Rename \($0), if that is it" } ?? "")
    case .preprocessed(let folder):
      "\(folder): holds cases that nnU-Net has cropped and resampled already; give the folder that it made them of, in"
        + " nnUNet_raw, with imagesTr and labelsTr"
    case .exchangedFolders(let images, let labels):
      "\(images): holds what is named as masks, and \(labels) what is named as images: the two folders are exchanged; type"
        + " mv \(ShellWord.quoted(images)) \(ShellWord.quoted(images + ".other")) && mv \(ShellWord.quoted(labels))"
        + " \(ShellWord.quoted(images)) && mv \(ShellWord.quoted(images + ".other")) \(ShellWord.quoted(labels))"
    case .dataList(let file, let cases):
      "\(file): is a list of \(Quantity.of(cases, "case")) as MONAI reads it, and cases are listed in a CSV file of"
        + " case,image,label here; write it with `\(DataList.remedy(file))`, and give study.csv"
    case .fileForDataset(let file, let kind, let folder):
      "\(file): it \(kind?.words ?? "is one file"), and a dataset is a folder, or a CSV file of case,image,label;"
        + " \(kind?.tableRemedy(columns: Array(ManifestHead.columns.prefix(3))) ?? Self.remedy(ofText: file, folder))"
    case .datasetForVolumes(let folder, let images, let masks):
      "\(folder): it is a dataset; give a folder of it: "
        + [("its images are in", images), ("its masks in", masks)].filter { !$1.isEmpty }
        .map { "\($0) \($1.joined(separator: " and "))" }.joined(separator: ", ")
    case .noCases(let folder, let pattern):
      "\(folder): no image is named \(pattern); name them so, or give the folder in which they are"
    case .capitalEndings(let endings): endings.words
    case .volumesInside(let folder, let inside):
      "\(folder): no image lies in it, and folders in it are not looked into: \(inside); give one of these folders, or its images"
    case .missingMask(let image, let wanted, let found):
      "\(image): its mask \(wanted) is missing; \(found.map { Self.lower($0, wanted) } ?? "add it or remove the image")"
    case .noMasks(let folder, let wanted, let images, let found):
      found.map {
        "\(folder): holds no NIfTI file, but \($0); convert the masks to .nii.gz (docs/interchange.md has the line for SimpleITK)"
      }
        ?? "\(folder): holds no mask, and \(images) images wait for one each; put them there, as \(wanted) for the first. To segment"
        + " images by a network that is trained, type safnet predict"
    case .addedNames(let masks, let addition, let wanted, let remedy):
      "\(DatasetNotice.shortList(masks, of: "masks")): named with \(addition), which their images' names have not; as"
        + " \(wanted) the first is found. To rename them, type: \(remedy)"
    case .maskParts(let masks, let wanted, let images):
      "\(DatasetNotice.shortList(masks, of: "masks")) are of one image\(images > 1 ? ", as others are of \(images - 1) more" : "");"
        + " a mask is one file with a number of its own for each structure: merge them into \(wanted), or keep the one that is"
        + " meant under that name"
    case .otherSpelling(let masks, let wanted):
      "\(DatasetNotice.shortList(masks, of: "masks")): spelled otherwise than \(masks.count == 1 ? "its image" : "their images"),"
        + " whose masks are \(DatasetNotice.shortList(wanted)) here; rename them"
    case .misnamedMasks(let masks, let wanted):
      "\(DatasetNotice.shortList(masks, of: "masks")): not taken, because masks are named otherwise here; rename"
        + " \(masks.count == 1 ? "it" : "them") to \(DatasetNotice.shortList(wanted))"
    case .widePattern(let option, let given, let addition, let wanted, let images):
      "\(given): the star stands for the case's name alone, by which images and masks are paired, and here it takes \(addition)"
        + " too, which the other names have not; give \(option) \(ShellWord.quoted(wanted)), which pairs"
        + " \(Quantity.of(images, "image"))"
    case .emptyPattern(let option, let given, let folder, let files, let example, let wanted):
      "\(option) \(ShellWord.quoted(given)) finds no file: \(folder) holds \(Quantity.of(files, "volume")) of other names, such as"
        + " \(example); "
        + (wanted.map { "give \(option) \(ShellWord.quoted($0))" }
          ?? "write such a name with * in the place of the case's own")
    case .cutPattern(let given, let name, let images, let masks, let pairs):
      "\(given): the star stands for the case's whole name, by which images and masks are paired, and here it takes \(name), which"
        + " names none; "
        + (images.flatMap { images in
          masks.map { masks in
            "give --images \(ShellWord.quoted(images)) --masks \(ShellWord.quoted(masks)), which pairs"
              + " \(Quantity.of(pairs, "image"))"
          }
        } ?? "write both patterns so that it takes the same text of an image and of its mask, from a letter or digit on")
    case .foldersForFiles(let folders, let wanted):
      "\(DatasetNotice.shortList(folders, of: "folders")): folders in it are not looked into; one file is wanted for each,"
        + " \(wanted) for the first (of several masks for one image, merged into one with a number for each structure)"
    case .missingImage(let label, let wanted, let found, let near):
      "\(label): its image \(wanted) is missing; "
        + (found.map { Self.lower($0, wanted) }
          ?? near.map {
            "\($0) is there\(Self.channelWords($0)): \(Self.way(of: $0)) if it is that image, else add that or remove the mask"
          }
          ?? "add it or remove the mask")
    case .absentChannel(let channel): channel.words
    case .missingChannel(_, let channel, let wanted, let near):
      "\(wanted): channel \(channel) of this case is missing; "
        + (near.map { "\($0) is there: \(Self.way(of: $0)) if it is that channel's; else add that" } ?? "add it")
        + ", or take the case or the channel out (dataset.channels, and channel_names in dataset.json)"
    case .oneChannelOfMany(let file, let pattern):
      "\(file): the networks see several channels of an image, and this is one file; name them \(pattern), and give their"
        + " folder or one of them"
    case .otherChannel(let file, let channel, let pattern):
      "\(file): its name is another channel's, and the networks see channel \(channel) alone; give \(pattern), or the image"
        + " under a name without a channel's number"
    case .channelsOfLayout(let folder, let layout):
      "\(folder): dataset.channels names channels, and the images of the layout \(layout) have one here; leave it out, lay"
        + " the images out as nnU-Net does (NAME_0000.nii.gz, NAME_0001.nii.gz), or name their files in a manifest (a CSV file of"
        + " case,image:T1,image:T2,label)"
    case .channelApart(let channel, let image, let reason):
      "\(channel): \(reason) its first channel \(image); register and resample it onto that grid"
    case .misnamedImage(let file, let pattern):
      "\(file): not taken, because images are named \(pattern) here; rename it"
    case .misnamedMask(let file):
      "\(file): its name is an image's, with a channel's number, which a mask has not; rename it without _0000"
    case .twoFiles(let name, let first, let second): "\(second): case \(name) is already \(first); keep one of the two"
    case .givenTwice(let file, let first):
      file == first
        ? "\(file): is given twice; give it once"
        : "\(file): is the file \(first), which is given too; give one of the two"
    case .imageAsMask(let image, let label):
      image == label
        ? "\(label): is named as the image and as the mask of one case; give its mask's own file"
        : "\(label): leads to the image \(image), whose mask it should be; put the mask there"
    case .badName(let name, let file):
      "\(file): \"\(name)\" cannot name a case; use letters, digits, and . _ - +, beginning with a letter or digit,"
        + " in at most \(VolumeFolder.longestName) bytes"
    case .badMetadata(let file, let field, let reason): "\(file): \(field): \(reason)"
    case .badManifest(let file, let line, let reason):
      line == 0 ? "\(file): \(reason)" : "\(file): line \(line): \(reason)"
    case .badSplits(let file, let reason): "\(file): \(reason)"
    case .badGroups(let place, let reason): "\(place): \(reason)"
    case .badPhantom(let field, let reason): "phantom.\(field): \(reason)"
    case .volume(let error): error.description
    case .shapesDiffer(let image, let imageShape, let label, let labelShape):
      "\(label): has \(labelShape) voxels, its image \(image) has \(imageShape); resample the mask onto the image"
    case .affinesDiffer(let image, let label, let millimetres, let tolerance):
      "\(label): lies up to \(rounded(millimetres)) mm off its image \(image) (allowed: \(rounded(tolerance)) mm);"
        + " correct its affine, or resample the mask onto the image"
    case .noPlace(let file, let beside):
      "\(file): its header does not say where the voxels lie (qform_code and sform_code are 0), and that of \(beside) does; look"
        + " whether both show the same grid, then copy the affine of that one into this one"
    case .filledMask(let file, let value):
      "\(file): most of its voxels are \(value), as if that were background, which is 0; write 0 in the place of \(value), and a"
        + " number of its own for a structure that is 0 here"
    case .unknownLabels(let file, let values, let known, let names, let background):
      "\(file): holds the labels \(Self.shownList(values)), which the label map does not know (it knows \(known));"
        + " \(Self.remedy(of: values, known, names, background))"
    case .labelIsImage(let file, let most):
      "\(file): holds more than \(most) different numbers, as an image does and no mask; put the mask of this case there"
    case .exchanged(let image, let label):
      "\(label): is an image, and what stands as its image, \(image), is a mask: the two are exchanged; where a table lists them,"
        + " exchange the names of its columns image and label, else give each of the two files the other's name"
        + Self.exchange(image, label)
    case .fractionalLabel(let file, let value, let slope):
      "\(file): holds the label \(Self.shown(value)), which is not a whole number; "
        + (slope == 1
          ? Self.remedy(ofFraction: value)
          : "the header's scl_slope, \(Self.shown(slope)), scales the numbers that are stored: set scl_slope to 1 and scl_inter to 0")
    case .constantImage(let file, let value):
      "\(file): a constant image, every voxel that is kept is \(value); replace it or remove the case"
    case .nonFiniteVoxels(let file, let count):
      "\(file): \(count) \(count == 1 ? "voxel is not a finite number" : "voxels are not finite numbers"); repair or"
        + " remove the case"
    case .gridTooLarge(let file, let extent, let spacing):
      "\(file): resampled to \(spacing.map { "\($0)" }.joined(separator: " x ")) mm it would have \(extent) voxels, more"
        + " than \(PreprocessingSteps.longestSide) along an axis; take a coarser preprocessing.spacing, or correct the"
        + " spacing in its header"
    case .noStructure(let file):
      "\(file): no structure of the label map has a voxel in it; correct the mask, remove it and its image, or leave the case"
        + " out by dataset.exclude"
    case .foreignNumbers(let numbers): numbers.words
    case .sameContent(let first, let second) where first == second:
      "\(second): two cases have this one image; give each its own, or take one of them out"
    case .sameContent(let first, let second): "\(second): the same image as \(first); remove one of the two cases"
    case .changed(let image, let label):
      "\(image) or \(label): changed while the dataset was being read; wait until its writer is done, then give the"
        + " same command again"
    }
  }

  static func remedy(of link: DeadLink) -> String {
    link.isCircle
      ? "put the file itself in the link's place"
      : "fetch it (git annex get, datalad get), mount its disk, or put the file itself in the link's place"
  }

  private static func lower(_ found: String, _ wanted: String) -> String {
    "it lies in a folder too low, which is not looked into: mv \(ShellWord.quoted(found)) \(ShellWord.quoted(wanted))"
  }

  private static let layouts =
    "it needs MR/ and Mask/ (MRSpineSeg), dataset.json with imagesTr/ and labelsTr/ (nnU-Net), sub-*/ and derivatives/"
    + " (BIDS), or one CSV file with the columns case, image, label"

  /// A hint where a path was written as Windows does, or as a shell reads it.
  static func slashes(_ path: String) -> String {
    path.contains("\\")
      ? " (folders are separated by /, and \\ is a part of a name)"
      : path.contains("$") ? " (variables such as $HOME are a shell's: write the path itself)" : ""
  }

  /// Where the new path of a moved dataset is written.
  private static func newPath(_ path: String?, _ option: String?) -> String {
    guard let option else { return "write its new path there" }
    return "give its new path" + (path.map { ", --set \(ShellWord.quoted("\(option)=\($0)"))" } ?? "")
  }

  /// What makes of another file the one that is missing.
  private static func way(of file: String) -> String {
    let isRead = NIfTIFiles.stem(URL(fileURLWithPath: file).lastPathComponent) != nil
    return isRead ? "rename it" : "convert it (docs/interchange.md says how)"
  }

  /// Of a file whose name ends in a further channel's number.
  private static func channelWords(_ file: String) -> String {
    let stem = NIfTIFiles.stem(URL(fileURLWithPath: file).lastPathComponent) ?? ""
    let isFurther = stem.firstMatch(of: /_\d{4}$/).map { $0.output != "_0000" } == true
    return isFurther ? ", another channel's by its number" : ""
  }

  /// Where its path counts from.
  private static func start(_ option: String?) -> String {
    option == nil ? "the experiment's folder" : "the working directory where --set gives it"
  }

  /// How nnU-Net's commands name a dataset.
  private static func isNumber(_ path: String) -> Bool {
    Int(URL(fileURLWithPath: path).lastPathComponent).map { (0...999).contains($0) } ?? false
  }

  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

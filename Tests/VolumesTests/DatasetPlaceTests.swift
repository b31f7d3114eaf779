import Foundation
import TestSupport
import Testing
import Volumes

/// Where a folder lies among a dataset's.
@Suite struct DatasetPlaceTests {
  @Test func aPlaceInADatasetIsKnown() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    func place(_ name: String) -> DatasetPlace? { DatasetPlace(of: small.folder.file(name)) }
    for (name, isAmongImages) in [
      ("imagesTr", true), ("imagesTr/Workspace", true), ("labelsTr/a/b", true), ("imagesTs/new", true),
      ("Workspace", false),
      ("notes/Workspace", false), ("notes/../imagesTr", true),
    ] {
      let found = place(name)
      #expect(
        found?.dataset.path == small.root.standardizedFileURL.path && found?.isAmongImages == isAmongImages, "\(name)")
    }
    #expect(DatasetPlace(of: small.root)?.isAmongImages == true)
    #expect(DatasetPlace(of: small.root.deletingLastPathComponent().appendingPathComponent("Workspace")) == nil)
    let challenge = try SmallDataset(mrSpineSeg: [1])
    #expect(DatasetPlace(of: challenge.folder.file("MR/x"))?.isAmongImages == true)
    #expect(DatasetPlace(of: challenge.folder.file("x"))?.isAmongImages == false)
  }

  /// A table's folder is whoever's.
  @Test func besideATableIsNoDatasetsFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("study.csv", "case,image,label\na,a.nii.gz,b.nii.gz\n")
    #expect(DatasetPlace(of: folder.file("Workspace")) == nil)
  }

  @Test func aFileOfADatasetNamesItsFolder() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    let file = small.folder.file("dataset.json")
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file) }
    #expect(error?.problems == [.fileForDataset(file: file.path, folder: small.root.path)])
    #expect(error?.description.hasSuffix("; give \(small.root.path)") == true)
  }

  @Test(arguments: [DatasetLayout.nnUNet, .mrSpineSeg, .bids]) func aTableOfAnotherLayoutIsNamed(layout: DatasetLayout)
    throws
  {
    let folder = try TemporaryFolder()
    let file = try folder.write("study.csv", "case,image,label\na,a.nii.gz,b.nii.gz\n")
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file, layout: layout) }
    #expect(
      error?.description
        == "\(file.path): is of the layout of a table (a CSV file of case,image,label), and the layout \(layout.rawValue) was named;"
        + " name manifest, or leave the layout out (dataset.layout in an experiment)")
  }
}

import Foundation
import Text

/// A folder for each case with its image, and in a folder within it a mask for each structure, as TotalSegmentator has them.
package struct StructureParts: Hashable, Sendable {
  private let folder: String
  /// The image's name in each case's folder.
  private let image: String
  /// The folder of the masks there.
  private let masks: String
  private let cases: Int
  /// What the masks of the first case are called, without their ending.
  private let structures: [String]
  private let ending: String

  /// - Parameter names: of what is in the folder.
  init?(in folder: URL, _ names: [String]) {
    func volumes(_ path: String) -> [String] {
      let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(path).path)) ?? []
      return all.filter { !$0.hasPrefix(".") && NIfTIFiles.stem($0) != nil }.sorted()
    }
    for name in names where VolumeList.isFolder(folder.appendingPathComponent(name)) {
      let inner = (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(name).path)) ?? []
      guard let image = volumes(name).first else { continue }
      for masks in inner.sorted() where VolumePatterns.isOfMasks(masks) {
        let parts = volumes(name + "/" + masks)
        guard parts.count > 1, let stem = NIfTIFiles.stem(parts[0]) else { continue }
        (self.folder, self.image, self.masks) = (folder.path, image, masks)
        cases = names.count { VolumeList.isFolder(folder.appendingPathComponent($0 + "/" + masks)) }
        (structures, ending) = (parts.compactMap(NIfTIFiles.stem), String(parts[0].dropFirst(stem.count)))
        return
      }
    }
    return nil
  }

  var words: String {
    let list = ShellWord.quoted(structures.joined(separator: " "))
    let script =
      "import sys,glob,os,numpy as n,nibabel as b\\nfor d in sorted(glob.glob(sys.argv[1]+\"/*/\(masks)\")):\\n m=None\\n for k,s in"
      + " enumerate(sys.argv[2].split(),1):\\n  f=d+\"/\"+s+\"\(ending)\"\\n  if not os.path.exists(f): continue\\n"
      + "  i=b.load(f); a=n.asanyarray(i.dataobj)>0; m=n.zeros(a.shape,n.uint8) if m is None else m; m[a]=k\\n"
      + " if m is not None: b.save(b.Nifti1Image(m,i.affine),os.path.dirname(d)+\"/mask.nii.gz\")"
    return
      "\(Quantity.of(cases, "case")) with a mask for each structure in a folder (\(masks)), as TotalSegmentator has them, and one"
      + " mask with a number for each structure is wanted: name those that are to be learnt in this line, which merges them"
      + " (`pip install nibabel`): `printf '\(script)' | python3 - \(ShellWord.quoted(folder)) \(list)`; the first"
      + " has the number 1. Then list them: `safnet dataset import study.csv --images"
      + " \(ShellWord.quoted(folder + "/*/" + image)) --masks \(ShellWord.quoted(folder + "/*/mask.nii.gz"))`"
  }
}

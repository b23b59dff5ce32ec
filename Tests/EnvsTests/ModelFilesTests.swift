import Foundation
import TestSupport
import Testing

@testable import Envs

struct ModelFilesTests {
  @Test("attributes are found where XML has them, comments and texts left out")
  func attributes() {
    let document = """
      <?xml version="1.0"?><!-- <mesh file="no"/> --><a>
      <mesh name='m' file = "a&amp;b.stl"/><![CDATA[<x file="no">]]>
      <include file='it"s.xml'></include> text="no" </a
      """
    let found = markupAttributes(of: Array(document.utf8))
    #expect(found.map(\.element) == ["mesh", "mesh", "include"])
    #expect(found.map(\.name) == ["name", "file", "file"])
    #expect(found.map(\.value) == ["m", "a&b.stl", "it\"s.xml"])
    #expect(String(decoding: Array(document.utf8)[found[1].range], as: UTF8.self) == "a&amp;b.stl")
  }

  @Test(
    "what ends in the middle of anything is read to its end",
    arguments: [
      "<", "<a", "<a b", "<a b=", "<a b=\"", "<a b=\"c", "<!--", "<![CDATA[", "</", "<a b=c d='e'",
      "",
    ])
  func truncated(text: String) {
    #expect(markupAttributes(of: Array(text.utf8)).isEmpty)
  }

  @Test("a copy elsewhere has all files and no way back to the first")
  func copies() throws {
    let folder = try TemporaryFolder()
    for name in ["home/parts/meshes", "elsewhere"] {
      try FileManager.default.createDirectory(
        atPath: folder(name), withIntermediateDirectories: true)
    }
    let elsewhere = URL(filePath: folder("elsewhere")).standardizedFileURL.path
    let main = try folder.file(
      "home/main.xml",
      """
      <mujoco><compiler meshdir="parts/meshes" texturedir="\(elsewhere)"/>
      <include file="parts/more.xml"/><include file="missing.xml"/>
      <asset><mesh file="m.stl"/><mesh file="\(elsewhere)/n.stl"/><texture file="t.png"/></asset></mujoco>
      """.utf8)
    _ = try folder.file("home/parts/more.xml", "<mujoco><include file='main.xml'/></mujoco>".utf8)
    _ = try folder.file("home/parts/meshes/m.stl", [1])
    _ = try folder.file("elsewhere/n.stl", [2])
    _ = try folder.file("elsewhere/t.png", [3])
    _ = try folder.file("elsewhere/unused.png", [4])
    let copies = ModelFiles(main).copies
    #expect(
      copies.map(\.path) == [
        "home/main.xml", "home/parts/more.xml", "home/parts/meshes/m.stl", "elsewhere/n.stl",
        "elsewhere/t.png",
      ])
    #expect(copies.dropFirst(2).map(\.content) == [[1], [2], [3]])
    let text = String(decoding: copies[0].content, as: UTF8.self)
    #expect(text.contains("texturedir=\"../elsewhere\""))
    #expect(text.contains("<mesh file=\"../../../elsewhere/n.stl\"/>"))
    #expect(!text.contains(folder.path))
    try FileManager.default.createSymbolicLink(
      atPath: folder("link"), withDestinationPath: "home/parts")
    let linked = ModelFiles(folder("link/up.xml"))
    #expect(linked.copies.isEmpty)
    _ = try folder.file("home/parts/up.xml", "<mujoco><include file='../main.xml'/></mujoco>".utf8)
    #expect(
      ModelFiles(folder("link/up.xml")).copies.map(\.path).prefix(3) == [
        "home/parts/up.xml", "home/main.xml", "home/parts/more.xml",
      ])
    // One file alone has no folders above it.
    #expect(ModelFiles(folder("elsewhere/unused.png")).copies.map(\.path) == ["unused.png"])
    #expect(ModelFiles(folder("nothing")).copies.isEmpty)
  }
}

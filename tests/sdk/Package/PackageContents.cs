using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Im.Client.Tests.Package;

/// <summary>What a stranger gets.</summary>
public sealed class PackageContents(PackedPackages packages)
{
    [Theory]
    [InlineData("Im.Client", "README.md", "Im.Protocol")]
    [InlineData("Im.Protocol", "protocol.md", null)]
    public async Task A_package_says_what_it_is_and_has_what_it_needs(string id, string readme, string? dependency)
    {
        using var package = await OpenAsync(id, "nupkg");
        var files = package.Entries.Select(entry => entry.FullName).Where(name => name.Contains('.') && !name.StartsWith("_rels/", StringComparison.Ordinal)
            && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml").Order();
        string[] schema = id == "Im.Protocol" ? ["im.proto"] : [];
        Assert.Equal(new[] { readme, $"{id}.nuspec", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml" }.Concat(schema).Order(), files);

        await using var nuspec = await package.GetEntry($"{id}.nuspec")!.OpenAsync();
        var metadata = (await XDocument.LoadAsync(nuspec, LoadOptions.None, CancellationToken.None)).Root!.Elements().Single();
        string Field(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal((id, readme), (Field("id"), Field("readme")));
        Assert.True(Field("description").Length > 20 && Field("tags").Contains("chat", StringComparison.Ordinal));
        var dependencies = metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value);
        Assert.Equal(dependency is null ? [] : new[] { dependency }, dependencies);
    }

    [Theory]
    [InlineData("Im.Client")]
    [InlineData("Im.Protocol")]
    public async Task Its_symbols_belong_to_its_assembly_and_the_build_can_be_repeated(string id)
    {
        using var package = await OpenAsync(id, "nupkg");
        using var symbols = await OpenAsync(id, "snupkg");
        using var assembly = new PEReader(await BytesAsync(package, $"lib/net10.0/{id}.dll"));
        using var pdb = MetadataReaderProvider.FromPortablePdbStream(await BytesAsync(symbols, $"lib/net10.0/{id}.pdb"));
        var entries = assembly.ReadDebugDirectory();
        Assert.Contains(entries, entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        var named = assembly.ReadCodeViewDebugDirectoryData(entries.Single(entry => entry.Type == DebugDirectoryEntryType.CodeView));
        Assert.Equal(named.Guid, new BlobContentId(pdb.GetMetadataReader().DebugMetadataHeader!.Id).Guid);
    }

    private async Task<ZipArchive> OpenAsync(string id, string kind)
    {
        var file = Assert.Single(Directory.GetFiles(await packages.DirectoryAsync(), $"{id}.*.{kind}"));
        return await ZipFile.OpenReadAsync(file);
    }

    private static async Task<MemoryStream> BytesAsync(ZipArchive archive, string name)
    {
        var bytes = new MemoryStream();
        await using var entry = await archive.GetEntry(name)!.OpenAsync();
        await entry.CopyToAsync(bytes);
        bytes.Position = 0;
        return bytes;
    }
}

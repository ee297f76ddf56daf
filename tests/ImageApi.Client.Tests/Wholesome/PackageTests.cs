using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageApi.Client.Tests.Wholesome;

/// <summary>What is in the packages, what is not, and what they bring with them.</summary>
public sealed partial class PackageTests
{
    private const string Client = "ImageApi.Client";
    private const string Adapter = "ImageApi.Client.Extensions.AI";

    private static readonly string[] Targets = ["net10.0", "net8.0", "netstandard2.0"];

    /// <summary>The first versions without weaknesses that are known, or that the library relies on.</summary>
    private static readonly Dictionary<string, Version> Oldest = new(StringComparer.OrdinalIgnoreCase)
    {
        ["System.Text.Json"] = new(8, 0, 5),
        ["Newtonsoft.Json"] = new(13, 0, 1),
        ["Microsoft.Extensions.Http"] = new(9, 0, 0),
        ["Polly"] = new(8, 0, 0),
    };

    public static TheoryData<string> Ids => [Client, Adapter];

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void A_package_holds_what_it_should_and_nothing_else(string id) => Assert.Equal(
        Expected(id).Order(StringComparer.Ordinal), Package.Open(id, ".nupkg").Files.Keys.Order(StringComparer.Ordinal));

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void Symbols_are_there_for_every_target(string id) => Assert.Equal(
        Targets.Select(target => $"lib/{target}/{id}.pdb").Append(id + ".nuspec").Order(StringComparer.Ordinal), Package.Open(id, ".snupkg").Files.Keys.Order(StringComparer.Ordinal));

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void The_manifest_names_licence_readme_icon_and_targets(string id)
    {
        var package = Package.Open(id, ".nupkg");
        var said = package.Manifest.Descendants().Where(static element => !element.HasElements)
            .ToLookup(static element => element.Name.LocalName, static element => element.Value, StringComparer.Ordinal);

        Assert.Equal([id, "MIT", "README.md", "icon.png"], new[] { "id", "license", "readme", "icon" }.Select(name => said[name].Single()));
        Assert.All(new[] { "description", "tags", "authors", "copyright" }, name => Assert.NotEmpty(said[name].Single()));
        Assert.Equal(3, package.Dependencies.Select(static dependency => dependency.Target).Distinct(StringComparer.Ordinal).Count());
    }

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void Members_are_documented_for_every_target(string id) =>
        Assert.All(Targets, target => Assert.Contains("<member name=\"T:ImageApi.Client.", Package.Open(id, ".nupkg").Text($"lib/{target}/{id}.xml"), StringComparison.Ordinal));

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void The_icon_is_a_square_picture(string id)
    {
        var icon = Package.Open(id, ".nupkg").Files["icon.png"];

        Assert.Equal("\x89PNG", Encoding.Latin1.GetString(icon, 0, 4));
        Assert.Equal((128, 128), (BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))));
    }

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void No_path_and_no_secret_is_in_a_package(string id) => Assert.Empty(Leaks(Package.Open(id, ".nupkg")).Concat(Leaks(Package.Open(id, ".snupkg"))));

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void A_path_or_a_secret_would_be_found(string id)
    {
        var package = Package.Open(id, ".nupkg");
        string[] wrong = [Path.Combine(Path.GetFullPath(Repository.Root), "a.cs"), "-----BEGIN " + "PRIVATE KEY-----", "Bearer " + Clients.Key, "sk-" + new string('a', 20)];

        Assert.All(wrong, text => Assert.Equal(["a.txt"], Leaks(package.With("a.txt", Encoding.UTF8.GetBytes("x" + text)))));
        Assert.All(wrong, text => Assert.Equal(["a.dll"], Leaks(package.With("a.dll", Encoding.Unicode.GetBytes(text)))));
        Assert.Equal(["key"], Leaks(package.With("key", File.ReadAllBytes(Repository.PathOf("src", "ImageApi.snk")))));
    }

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void Dependencies_are_young_enough(string id)
    {
        var dependencies = Package.Open(id, ".nupkg").Dependencies.ToList();

        Assert.NotEmpty(dependencies);
        Assert.DoesNotContain(dependencies, static dependency => IsTooOld(dependency.Id, dependency.Version));
        Assert.DoesNotContain(dependencies, static dependency => dependency.Id is "Newtonsoft.Json" || dependency.Id.Contains("Analyzer", StringComparison.Ordinal));
    }

    [PackageTheory]
    [MemberData(nameof(Ids))]
    public void The_bill_of_materials_holds_every_dependency_with_the_hash_of_the_lock_file(string id)
    {
        var package = Package.Open(id, ".nupkg");
        var sbom = package.Sbom;
        var locked = Locked(Repository.PathOf("src", id, "packages.lock.json")).Distinct()
            .ToDictionary(static entry => $"pkg:nuget/{entry.Id}@{entry.Version}", static entry => entry.Hash, StringComparer.Ordinal);
        var components = sbom.GetProperty("components").EnumerateArray().ToDictionary(static component => component.GetProperty("purl").GetString()!, StringComparer.Ordinal);
        var uses = sbom.GetProperty("dependencies").EnumerateArray().ToDictionary(
            static one => one.GetProperty("ref").GetString()!, static one => one.GetProperty("dependsOn").EnumerateArray().Select(static link => link.GetString()!).ToList(), StringComparer.Ordinal);
        var self = sbom.GetProperty("metadata").GetProperty("component").GetProperty("purl").GetString()!;

        Assert.Equal(("CycloneDX", "1.6"), (sbom.GetProperty("bomFormat").GetString(), sbom.GetProperty("specVersion").GetString()));
        Assert.StartsWith($"pkg:nuget/{id}@", self, StringComparison.Ordinal);
        Assert.Equal(
            package.Dependencies.Select(static one => one.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            uses[self].Select(static link => link["pkg:nuget/".Length..].Split('@')[0]).Order(StringComparer.Ordinal));
        Assert.All(uses.Values.SelectMany(static links => links), link => Assert.Contains(link, components.Keys));
        Assert.Equal(components.Keys.Append(self).Order(StringComparer.Ordinal), uses.Keys.Order(StringComparer.Ordinal));
        Assert.All(components.Where(static one => !one.Key.StartsWith($"pkg:nuget/{Client}@", StringComparison.Ordinal)), component => Assert.Equal(
            Convert.ToHexStringLower(Convert.FromBase64String(locked[component.Key])), component.Value.GetProperty("hashes")[0].GetProperty("content").GetString()));
        Assert.DoesNotContain(components.Keys, static link => link.Contains("Analyzer", StringComparison.Ordinal) || link.Contains("ILLink", StringComparison.Ordinal));
    }

    [Fact]
    public void Locked_packages_are_young_enough()
    {
        var locked = LockFiles().SelectMany(Locked).ToList();

        Assert.Equal(Oldest.Keys.Order(StringComparer.Ordinal), locked.Select(static entry => entry.Id).Distinct(StringComparer.Ordinal).Where(Oldest.ContainsKey).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(locked, static entry => IsTooOld(entry.Id, Package.VersionOf(entry.Version)));
    }

    [Theory]
    [InlineData("System.Text.Json", "8.0.4", true)]
    [InlineData("System.Text.Json", "8.0.5", false)]
    [InlineData("Newtonsoft.Json", "12.0.3", true)]
    [InlineData("Microsoft.Extensions.Http", "8.0.1", true)]
    [InlineData("Microsoft.Extensions.Http", "9.0.0-preview.1", false)]
    public void An_old_version_would_be_found(string id, string version, bool old) => Assert.Equal(old, IsTooOld(id, Package.VersionOf(version)));

    /// <summary>Programs that are published for one kind of machine have none, since theirs would differ from machine to machine.</summary>
    [Fact]
    public void Every_project_that_is_not_published_has_a_lock_file() => Assert.Equal(
        ["ImageApi.Client.AotSmoke", "ImageApi.Client.OneCall"],
        Folders().SelectMany(static folder => Directory.GetFiles(folder, "*.csproj", SearchOption.AllDirectories)).Select(static project => Path.GetDirectoryName(project)!)
            .Distinct(StringComparer.Ordinal).Where(static folder => !File.Exists(Path.Combine(folder, "packages.lock.json"))).Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Expected(string id)
    {
        string[] common = [id + ".nuspec", "README.md", "LICENSE", "icon.png", "sbom.cdx.json"];
        string[] own = id == Client ? ["ConfigurationSchema.json", "buildTransitive/netstandard2.0/ImageApi.Client.targets"] : [];
        return [.. common, .. own, .. Targets.SelectMany(target => new[] { $"lib/{target}/{id}.dll", $"lib/{target}/{id}.xml" })];
    }

    /// <summary>Names the files with a path of this machine, or with something that looks like a key.</summary>
    private static IEnumerable<string> Leaks(Package package)
    {
        string[] paths = [Path.GetFullPath(Repository.Root), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Path.GetFullPath(PackageTheoryAttribute.Folder!)];
        var strongName = File.ReadAllBytes(Repository.PathOf("src", "ImageApi.snk"))[^64..];
        return
            from file in package.Files
            let texts = new[] { Encoding.Latin1.GetString(file.Value), Encoding.Unicode.GetString(file.Value), Encoding.Unicode.GetString(file.Value.AsSpan(Math.Min(1, file.Value.Length))) }
            where file.Value.AsSpan().IndexOf(strongName) >= 0
                || texts.Any(text => Secret().IsMatch(text) || paths.Any(path => path.Length > 1 && text.Contains(path + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            select file.Key;
    }

    private static bool IsTooOld(string id, Version version) => Oldest.TryGetValue(id, out var oldest) && version < oldest;

    private static IEnumerable<string> Folders() => new[] { "src", "tests", "samples" }.Select(static folder => Repository.PathOf(folder));

    private static IEnumerable<string> LockFiles() => Folders().SelectMany(static folder => Directory.GetFiles(folder, "packages.lock.json", SearchOption.AllDirectories));

    private static List<(string Id, string Version, string Hash)> Locked(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. from target in json.RootElement.GetProperty("dependencies").EnumerateObject()
               from entry in target.Value.EnumerateObject()
               where entry.Value.GetProperty("type").GetString() != "Project"
               select (entry.Name, entry.Value.GetProperty("resolved").GetString()!, entry.Value.GetProperty("contentHash").GetString()!),
        ];
    }

    [GeneratedRegex("PRIVATE KEY-----|Bearer [A-Za-z0-9_-]{16,}|sk-[A-Za-z0-9]{20,}", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}

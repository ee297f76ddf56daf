using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes what comes with a package, as CycloneDX 1.6: name, version and hash from the lock file. Package.targets compiles it, for all versions of MSBuild.</summary>
/// <remarks>
/// The same lock file gives the same bytes: no time, no number of its own, everything in order. Analyzers and the like do not come with the package. The hashes are
/// those that NuGet checks, of packages without the signature of the place they came from.
/// </remarks>
public sealed class WriteSbom : Task
{
    private readonly SortedDictionary<string, Component> components = new SortedDictionary<string, Component>(StringComparer.Ordinal);

    [Required]
    public string LockFile { get; set; }

    /// <summary>What the restore found out: which references stay inside the project, and how projects are called.</summary>
    [Required]
    public string AssetsFile { get; set; }

    [Required]
    public string PackageId { get; set; }

    [Required]
    public string PackageVersion { get; set; }

    [Required]
    public string License { get; set; }

    [Required]
    public string Output { get; set; }

    public override bool Execute()
    {
        var assets = Read(AssetsFile);
        var inside = new HashSet<string>(
            from framework in Members(assets["project"]["frameworks"]).Values
            from reference in Members(framework.Child("dependencies"))
            where reference.Value.Text("suppressParent") == "All" || reference.Value.Text("autoReferenced") == "true"
            select reference.Key,
            StringComparer.OrdinalIgnoreCase);
        var projects = Members(assets["libraries"]).Where(library => library.Value.Text("type") == "project").Select(library => library.Key.Split('/'))
            .ToDictionary(name => name[0], name => name, StringComparer.OrdinalIgnoreCase);
        var self = new Component(PackageId, PackageVersion, null);

        foreach (var framework in Members(Read(LockFile)["dependencies"]))
        {
            var name = framework.Key.Replace(".NETStandard,Version=v", "netstandard");
            var locked = Members(framework.Value);
            var found = locked.ToDictionary(
                entry => entry.Key,
                entry => projects.TryGetValue(entry.Key, out var project) ? new Component(project[0], project[1], null) : new Component(entry.Key, entry.Value.Text("resolved"), entry.Value.Text("contentHash")),
                StringComparer.OrdinalIgnoreCase);
            foreach (var entry in locked.Where(entry => entry.Value.Text("type") == "Project" || (entry.Value.Text("type") == "Direct" && !inside.Contains(entry.Key))))
            {
                Add(entry.Key, self);
            }

            void Add(string id, Component user)
            {
                // What is not locked is part of the framework.
                if (!found.TryGetValue(id, out var component))
                {
                    return;
                }

                component = Known(component);
                user.Uses.Add(component.Link);
                if (component.Frameworks.Add(name))
                {
                    Members(locked[id].Child("dependencies")).Keys.ToList().ForEach(used => Add(used, component));
                }
            }
        }

        var text = Text(self);
        if (!File.Exists(Output) || File.ReadAllText(Output) != text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Output));
            File.WriteAllText(Output, text);
        }

        return true;
    }

    private Component Known(Component component)
    {
        if (!components.TryGetValue(component.Link, out var known))
        {
            components.Add(component.Link, known = component);
        }

        return known;
    }

    private string Text(Component self) => $@"{{
  ""$schema"": ""http://cyclonedx.org/schema/bom-1.6.schema.json"",
  ""bomFormat"": ""CycloneDX"",
  ""specVersion"": ""1.6"",
  ""version"": 1,
  ""metadata"": {{
    ""component"": {{ {self.Head}, ""licenses"": [ {{ ""expression"": ""{License}"" }} ] }}
  }},
  ""components"": [
    {Lines(components.Values.Select(component => $@"{{ {component.Head}{component.Hashes}, ""properties"": [ {string.Join(", ", component.Frameworks.Select(name => $@"{{ ""name"": ""targetFramework"", ""value"": ""{name}"" }}"))} ] }}"))}
  ],
  ""dependencies"": [
    {Lines(components.Values.Prepend(self).Select(component => $@"{{ ""ref"": ""{component.Link}"", ""dependsOn"": [ {string.Join(", ", component.Uses.Select(link => $@"""{link}"""))} ] }}"))}
  ]
}}
".Replace("\r\n", "\n").Replace("[  ]", "[]");

    private static string Lines(IEnumerable<string> parts) => string.Join(",\n    ", parts);

    private static Node Read(string file)
    {
        using (var reader = JsonReaderWriterFactory.CreateJsonReader(File.ReadAllBytes(file), XmlDictionaryReaderQuotas.Max))
        {
            return new Node(XElement.Load(reader));
        }
    }

    private static Dictionary<string, Node> Members(Node node) => node.Members;

    /// <summary>A JSON value. The reader hands it out as XML, in which names that XML does not take are attributes.</summary>
    private sealed class Node
    {
        public Node(XElement element) => Members = (Element = element).Elements().Where(_ => (string)element.Attribute("type") != "array")
            .ToDictionary(member => (string)member.Attribute("item") ?? member.Name.LocalName, member => new Node(member), StringComparer.Ordinal);

        public Dictionary<string, Node> Members { get; }

        private XElement Element { get; }

        public Node this[string name] => Members[name];

        public Node Child(string name) => Members.TryGetValue(name, out var child) ? child : new Node(new XElement("none"));

        public string Text(string name) => Members.TryGetValue(name, out var child) ? child.Element.Value : null;
    }

    private sealed class Component
    {
        private readonly string hash;

        public Component(string name, string version, string hash)
        {
            this.hash = hash;
            Link = $"pkg:nuget/{name}@{version}";
            Head = $@"""type"": ""library"", ""bom-ref"": ""{Link}"", ""name"": ""{name}"", ""version"": ""{version}"", ""purl"": ""{Link}""";
        }

        public string Link { get; }

        public string Head { get; }

        public string Hashes => hash == null ? string.Empty : $@", ""hashes"": [ {{ ""alg"": ""SHA-512"", ""content"": ""{BitConverter.ToString(Convert.FromBase64String(hash)).Replace("-", string.Empty).ToLowerInvariant()}"" }} ]";

        public SortedSet<string> Frameworks { get; } = new SortedSet<string>(StringComparer.Ordinal);

        public SortedSet<string> Uses { get; } = new SortedSet<string>(StringComparer.Ordinal);
    }
}

using System.Reflection;
using System.Xml.Linq;

namespace ImageApi.Client.Tests.Conventions;

/// <summary>Every method of a client is shown by an example in its documentation.</summary>
public sealed class DocumentationExampleTests
{
    private static readonly XDocument Documentation = XDocument.Load(Path.ChangeExtension(typeof(ImageApiClient).Assembly.Location, ".xml"));

    public static TheoryData<string> ClientTypes => [.. typeof(ImageApiClient).Assembly.GetExportedTypes()
        .Where(static type => type.Name.EndsWith("Client", StringComparison.Ordinal) || type.Name.EndsWith("Extensions", StringComparison.Ordinal))
        .Select(static type => type.FullName!)];

    [Theory]
    [MemberData(nameof(ClientTypes))]
    public void Every_client_method_has_a_documentation_example(string client) => Assert.Empty(MembersWithoutExample(Documentation, client));

    [Fact]
    public void Method_without_example_is_detected()
    {
        var changed = new XDocument(Documentation);
        changed.Descendants("example").First(static example => Name(example.Parent!).StartsWith("M:ImageApi.Client.JobsClient.WaitAsync(", StringComparison.Ordinal)).Remove();

        Assert.StartsWith("M:ImageApi.Client.JobsClient.WaitAsync(", Assert.Single(MembersWithoutExample(changed, "ImageApi.Client.JobsClient")), StringComparison.Ordinal);
    }

    private static IEnumerable<string> MembersWithoutExample(XDocument documentation, string client)
    {
        var methods = typeof(ImageApiClient).Assembly.GetType(client, throwOnError: true)!
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(static method => !method.IsSpecialName && method.Name != nameof(IDisposable.Dispose))
            .Select(static method => method.Name)
            .ToHashSet(StringComparer.Ordinal);
        return documentation.Descendants("member")
            .Where(member => methods.Any(method => Name(member).StartsWith($"M:{client}.{method}(", StringComparison.Ordinal)))
            .Where(static member => member.Element("example") is null)
            .Select(Name);
    }

    private static string Name(XElement member) => member.Attribute("name")!.Value;
}

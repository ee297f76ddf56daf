using System.Reflection;

namespace ImageApi.Client.Tests.Support;

/// <summary>The sources that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static item => item.Key == "RepositoryRoot").Value!;

    /// <summary>Names a file or folder of the repository.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);
}

namespace ImageApi.Client.Tests.Support;

/// <summary>A theory about the packages in a folder that the variable <c>IMAGEAPI_PACKAGES</c> names. Without it, it is reported as skipped: <c>.ci/package</c> packs and runs it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PackageTheoryAttribute : TheoryAttribute
{
    public PackageTheoryAttribute() => Skip = Folder is null ? ".ci/package packs, and runs this." : null;

    public static string? Folder => Environment.GetEnvironmentVariable("IMAGEAPI_PACKAGES");
}

using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.Json;

namespace ImageApi.Client.Tests;

/// <summary>The library runs where an application is trimmed or compiled ahead of time, and all tests run as they would there.</summary>
public sealed class NoReflectionTests
{
    [Fact]
    public void The_tests_run_without_JSON_by_reflection()
    {
        Assert.False(JsonSerializer.IsReflectionEnabledByDefault);
        Assert.Throws<InvalidOperationException>(static () => JsonSerializer.Serialize(new { A = 1 }));
    }

#if !NETSTANDARD_LIBRARY // what netstandard2.0 itself says of trimming is not enough to promise it
    [Fact]
    public void The_library_says_that_it_can_be_trimmed() => Assert.Contains(
        typeof(ImageApiClient).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>(), static item => item is { Key: "IsTrimmable", Value: "True" });
#endif

    [Fact]
    public void The_library_calls_nothing_that_needs_reflection() => Assert.Empty(NeedingReflection(typeof(ImageApiClient).Assembly));

    [Fact]
    public void Such_a_call_would_be_found() => Assert.Contains("JsonSerializer.Serialize", NeedingReflection(typeof(NoReflectionTests).Assembly));

    /// <summary>The methods that an assembly refers to and that the platform marks as unfit for trimming or for compilation ahead of time.</summary>
    private static List<string> NeedingReflection(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var references = metadata.MemberReferences.Where(handle => metadata.GetMemberReference(handle).GetKind() == MemberReferenceKind.Method);
        var methods = references.Select(handle => Resolve(assembly.ManifestModule, MetadataTokens.GetToken(handle))).ToList();

        Assert.True(methods.Count > 100, "The references were not read.");
        return [.. methods.OfType<MethodBase>().Where(IsMarked).Select(static method => $"{method.DeclaringType?.Name}.{method.Name}").Distinct(StringComparer.Ordinal)];
    }

    private static bool IsMarked(MethodBase method) => new MemberInfo?[] { method, method.DeclaringType }.OfType<MemberInfo>().Any(static member =>
        member.IsDefined(typeof(RequiresUnreferencedCodeAttribute)) || member.IsDefined(typeof(RequiresDynamicCodeAttribute)));

    /// <summary>Type parameters that the place of a call would give stand for themselves: any type does.</summary>
    private static MethodBase? Resolve(Module module, int token)
    {
        var any = Enumerable.Repeat(typeof(Exception), 8).ToArray();
        try
        {
            return module.ResolveMethod(token, any, any);
        }
        catch (TypeLoadException)
        {
            return null; // a type parameter that not any type satisfies: none of the marked methods has one
        }
    }
}

using System.Reflection;
using System.Runtime.CompilerServices;

namespace ImageApi.Client.Tests.Conventions;

/// <summary>What every public type and method looks like.</summary>
public sealed class ApiConventionTests
{
    private static readonly IReadOnlyList<Type> PublicTypes = [.. typeof(ImageApiClient).Assembly.GetExportedTypes().Where(static type => type.Namespace == "ImageApi.Client")];

    private static readonly IReadOnlyList<MethodInfo> PublicMethods =
    [
        .. PublicTypes.Append(typeof(Microsoft.Extensions.DependencyInjection.ImageApiClientServiceCollectionExtensions))
            .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(static method => !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute))),
    ];

    [Fact]
    public void Public_types_and_methods_are_found() => Assert.True(PublicTypes.Count > 40 && PublicMethods.Count(IsAsynchronous) > 12, $"{PublicTypes.Count} types, {PublicMethods.Count} methods");

    [Fact]
    public void Library_has_a_strong_name() => Assert.NotEmpty(typeof(ImageApiClient).Assembly.GetName().GetPublicKeyToken()!);

    [Fact]
    public void Classes_are_sealed_abstract_clients_or_base_classes() => Assert.Empty(
        from type in PublicTypes
        where type.IsClass && !type.IsSealed && !type.IsAbstract && !type.Name.EndsWith("Client", StringComparison.Ordinal)
        where !PublicTypes.Any(other => other.BaseType == type)
        select type.Name);

    [Fact]
    public void Client_members_can_be_mocked() => Assert.Empty(
        from method in PublicMethods
        where method.DeclaringType!.Name.EndsWith("Client", StringComparison.Ordinal) && !method.IsStatic && !method.IsVirtual
        select $"{method.DeclaringType!.Name}.{method.Name}");

    [Fact]
    public void Async_methods_end_with_Async_and_take_a_token_last() => Assert.Empty(
        from method in PublicMethods
        where IsAsynchronous(method) && method.Name is not "DisposeAsync"
        where !method.Name.EndsWith("Async", StringComparison.Ordinal) || method.GetParameters() is not [.., { Name: "cancellationToken", IsOptional: true } last] || last.ParameterType != typeof(CancellationToken)
        select $"{method.DeclaringType!.Name}.{method.Name}");

    [Fact]
    public void Only_async_methods_end_with_Async() => Assert.Empty(
        from method in PublicMethods
        where !IsAsynchronous(method) && method.Name.EndsWith("Async", StringComparison.Ordinal)
        select $"{method.DeclaringType!.Name}.{method.Name}");

    [Fact]
    public void Fields_are_not_public() => Assert.Empty(
        from type in PublicTypes
        where !type.IsEnum
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where !field.IsLiteral
        select $"{type.Name}.{field.Name}");

    [Fact]
    public void Lists_are_exposed_as_read_only() => Assert.Empty(
        from type in PublicTypes
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where property.PropertyType.IsArray || (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(List<>))
        select $"{type.Name}.{property.Name}");

    private static bool IsAsynchronous(MethodInfo method) =>
        typeof(Task).IsAssignableFrom(method.ReturnType)
        || (method.ReturnType is { IsGenericType: true } type && (type.GetGenericTypeDefinition() == typeof(ValueTask<>) || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)))
        || method.ReturnType == typeof(ValueTask);
}

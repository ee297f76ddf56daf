namespace ImageApi.Client.Tests.Support;

internal static class FluentExtensions
{
    /// <summary>Does something with an object and gives it back.</summary>
    public static T Also<T>(this T value, Action<T> act)
    {
        act(value);
        return value;
    }
}

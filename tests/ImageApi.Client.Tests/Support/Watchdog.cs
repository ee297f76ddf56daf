namespace ImageApi.Client.Tests.Support;

/// <summary>The limit after which a test that hangs fails. Nothing is synchronised by it.</summary>
internal static class Watchdog
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
}

namespace ImageApi.Client.Tests.Support;

/// <summary>The limit after which a test that hangs fails. Nothing is synchronised by it.</summary>
internal static class TestTimeout
{
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);
}

namespace ImageApi.Client.Tests.Support;

/// <summary>What tests ask for.</summary>
internal static class SampleRequests
{
    /// <summary>Waits without patience: for servers on the same machine.</summary>
    public static JobWaitOptions Quick => new()
    {
        FirstInterval = TimeSpan.FromMilliseconds(5),
        MaxInterval = TimeSpan.FromMilliseconds(20),
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Gets options that submit a job and wait for it without patience.</summary>
    public static JobRunOptions QuickRun => new() { Wait = Quick };

    public static JobRequest Image(string prompt) => new() { Input = new ImageJobInput { Prompt = prompt } };
}

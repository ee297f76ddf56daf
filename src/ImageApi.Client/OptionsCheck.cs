using System.Net.Http.Headers;
using ImageApi.Client.Http;

namespace ImageApi.Client;

/// <summary>Finds every fault of a client's settings at once. No message shows a secret.</summary>
internal static class OptionsCheck
{
    private const int MostRetries = 10;
    private const int SmallestJson = 1024;

    public static IReadOnlyList<string> FindFaults(ImageApiClientOptions options)
    {
        var faults = new List<string>();
        Add(faults, nameof(options.BaseAddress), BaseAddress.FindFault(options.BaseAddress, options.AllowInsecureHttp));
        if (options.ApiKeyProvider is null)
        {
            Add(faults, nameof(options.ApiKey), HeaderText.FindKeyFault(options.ApiKey));
        }

        Add(faults, nameof(options.UserAgentSuffix), options.UserAgentSuffix is null || IsProduct(options.UserAgentSuffix) ? null : "must have the form Name/Version.");
        Add(faults, nameof(options.AmbiguousRetry), options.AmbiguousRetry is AmbiguousRetry.Never or AmbiguousRetry.WhenServerHonoursIdempotencyKey ? null : "is not a known value.");
        AddRetry(faults, options.Retry);
        AddTimeouts(faults, options.Timeouts);
        Add(faults, "Limits.MaxMediaBytes", options.Limits.MaxMediaBytes >= 1 ? null : "must be at least 1.");
        Add(faults, "Limits.MaxJsonBytes", options.Limits.MaxJsonBytes >= SmallestJson ? null : $"must be at least {SmallestJson}.");
        Add(faults, "Telemetry.ProviderName", string.IsNullOrWhiteSpace(options.Telemetry.ProviderName) ? "must not be blank." : null);
        Add(faults, "References.UploadFrom", options.References.UploadFrom is null or >= 1 ? null : "must be at least 1, or null.");
        Add(faults, "References.RememberFor", options.References.RememberFor >= TimeSpan.Zero && options.References.RememberFor <= TimeLimits.Longest ? null : "must be zero to 45 days.");
        return faults;
    }

    public static void ThrowIfFaulty(ImageApiClientOptions options)
    {
        var faults = FindFaults(options);
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        }
    }

    /// <summary>Finds the longest time limit that a call may have: what an HttpClient must not fall short of.</summary>
    public static TimeSpan LongestTimeout(ImageApiClientOptions options)
    {
        TimeSpan[] limits =
        [
            options.Timeouts.Generation, options.Timeouts.Submission, options.Timeouts.StatusQuery, options.Timeouts.Upload, options.Timeouts.Download,
        ];
        return limits.Max();
    }

    private static void AddRetry(List<string> faults, ImageApiRetryOptions retry)
    {
        Add(faults, "Retry.MaxRetries", retry.MaxRetries is >= 0 and <= MostRetries ? null : $"must be 0 to {MostRetries}.");
        Add(faults, "Retry.BaseDelay", retry.BaseDelay > TimeSpan.Zero && retry.BaseDelay <= retry.MaxDelay ? null : "must be more than zero and at most Retry.MaxDelay.");
        Add(faults, "Retry.MaxDelay", retry.MaxDelay <= TimeLimits.Longest ? null : "must be at most 45 days.");
        Add(faults, "Retry.MaxRetryAfter", retry.MaxRetryAfter >= TimeSpan.Zero && retry.MaxRetryAfter <= TimeLimits.Longest ? null : "must be zero to 45 days.");
    }

    private static void AddTimeouts(List<string> faults, ImageApiTimeoutOptions timeouts)
    {
        Add(faults, "Timeouts.Generation", Fault(timeouts.Generation));
        Add(faults, "Timeouts.Submission", Fault(timeouts.Submission));
        Add(faults, "Timeouts.StatusQuery", Fault(timeouts.StatusQuery));
        Add(faults, "Timeouts.Upload", Fault(timeouts.Upload));
        Add(faults, "Timeouts.Download", Fault(timeouts.Download));
        Add(faults, "Timeouts.Idle", Fault(timeouts.Idle));
        Add(faults, "Timeouts.Connect", Fault(timeouts.Connect));
    }

    private static string? Fault(TimeSpan limit) => limit > TimeSpan.Zero && limit <= TimeLimits.Longest ? null : "must be more than zero and at most 45 days.";

    private static bool IsProduct(string text) => ProductInfoHeaderValue.TryParse(text, out var product) && product?.Product is not null;

    private static void Add(List<string> faults, string setting, string? fault)
    {
        if (fault is not null)
        {
            faults.Add($"{nameof(ImageApiClientOptions)}.{setting} {fault}");
        }
    }
}

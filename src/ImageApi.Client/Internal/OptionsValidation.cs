using System.Net.Http.Headers;
using ImageApi.Client.Validation;

namespace ImageApi.Client.Internal;

/// <summary>Finds every fault of a client's settings at once. No message shows a secret.</summary>
internal static class OptionsValidation
{
    private const int MaxRetries = 10;
    private const int MinJsonBytes = 1024;

    public static IReadOnlyList<string> FindErrors(ImageApiClientOptions options)
    {
        var errors = new List<string>();
        Add(errors, nameof(options.BaseAddress), BaseAddressValidation.FindError(options.BaseAddress, options.AllowInsecureHttp));
        if (options.ApiKeyProvider is null)
        {
            Add(errors, nameof(options.ApiKey), HeaderValidation.FindApiKeyError(options.ApiKey));
        }

        Add(errors, nameof(options.UserAgentSuffix), options.UserAgentSuffix is null || IsProduct(options.UserAgentSuffix) ? null : "must have the form Name/Version.");
        AddRetry(errors, options.Retry);
        AddTimeouts(errors, options.Timeouts);
        AddWait(errors, options.Wait);
        Add(errors, "Limits.MaxMediaBytes", options.Limits.MaxMediaBytes >= 1 ? null : "must be at least 1.");
        Add(errors, "Limits.MaxJsonBytes", options.Limits.MaxJsonBytes >= MinJsonBytes ? null : $"must be at least {MinJsonBytes}.");
        Add(errors, "Telemetry.ProviderName", string.IsNullOrWhiteSpace(options.Telemetry.ProviderName) ? "must not be blank." : null);
        Add(errors, "ReferenceImages.UploadThreshold", options.ReferenceImages.UploadThreshold is null or >= 1 ? null : "must be at least 1, or null.");
        Add(errors, "ReferenceImages.UploadCacheDuration", options.ReferenceImages.UploadCacheDuration >= TimeSpan.Zero && options.ReferenceImages.UploadCacheDuration <= TimeoutValidation.MaxTimeout ? null : "must be zero to 45 days.");
        return errors;
    }

    public static void ThrowIfInvalid(ImageApiClientOptions options)
    {
        var errors = FindErrors(options);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }
    }

    /// <summary>Finds the longest time limit that a call may have: what an HttpClient must not fall short of.</summary>
    public static TimeSpan MaxTimeout(ImageApiClientOptions options)
    {
        TimeSpan[] limits =
        [
            options.Timeouts.Generation, options.Timeouts.Submission, options.Timeouts.StatusQuery, options.Timeouts.Upload, options.Timeouts.Download,
        ];
        return limits.Max();
    }

    private static void AddRetry(List<string> errors, ImageApiRetryOptions retry)
    {
        Add(errors, "Retry.MaxRetries", retry.MaxRetries is >= 0 and <= MaxRetries ? null : $"must be 0 to {MaxRetries}.");
        Add(errors, "Retry.BaseDelay", retry.BaseDelay > TimeSpan.Zero && retry.BaseDelay <= retry.MaxDelay ? null : "must be more than zero and at most Retry.MaxDelay.");
        Add(errors, "Retry.MaxDelay", retry.MaxDelay <= TimeoutValidation.MaxTimeout ? null : "must be at most 45 days.");
        Add(errors, "Retry.MaxRetryAfter", retry.MaxRetryAfter >= TimeSpan.Zero && retry.MaxRetryAfter <= TimeoutValidation.MaxTimeout ? null : "must be zero to 45 days.");
    }

    private static void AddTimeouts(List<string> errors, ImageApiTimeoutOptions timeouts)
    {
        Add(errors, "Timeouts.Generation", FindTimeoutError(timeouts.Generation));
        Add(errors, "Timeouts.Submission", FindTimeoutError(timeouts.Submission));
        Add(errors, "Timeouts.StatusQuery", FindTimeoutError(timeouts.StatusQuery));
        Add(errors, "Timeouts.Upload", FindTimeoutError(timeouts.Upload));
        Add(errors, "Timeouts.Download", FindTimeoutError(timeouts.Download));
        Add(errors, "Timeouts.Idle", FindTimeoutError(timeouts.Idle));
        Add(errors, "Timeouts.Connect", FindTimeoutError(timeouts.Connect));
    }

    private static void AddWait(List<string> errors, ImageApiWaitOptions wait)
    {
        Add(errors, "Wait.Timeout", FindTimeoutError(wait.Timeout));
        Add(errors, "Wait.FirstInterval", FindTimeoutError(wait.FirstInterval));
        Add(errors, "Wait.MaxInterval", FindTimeoutError(wait.MaxInterval));
        Add(errors, "Wait.IntervalFactor", wait.IntervalFactor is >= 1 and <= 100 ? null : "must be 1 to 100.");
    }

    private static string? FindTimeoutError(TimeSpan timeout) => timeout > TimeSpan.Zero && timeout <= TimeoutValidation.MaxTimeout ? null : "must be more than zero and at most 45 days.";

    private static bool IsProduct(string text) => ProductInfoHeaderValue.TryParse(text, out var product) && product?.Product is not null;

    private static void Add(List<string> errors, string setting, string? error)
    {
        if (error is not null)
        {
            errors.Add($"{nameof(ImageApiClientOptions)}.{setting} {error}");
        }
    }
}

using System.Reflection;
using Polly;

namespace ImageApi.Client.Tests.Support;

/// <summary>What is true of the settings of a client.</summary>
internal static class OptionProperties
{
    /// <summary>Says whether a configuration can hold a setting: functions and pipelines are set in code.</summary>
    public static bool CanBeConfigured(PropertyInfo option) => !typeof(Delegate).IsAssignableFrom(option.PropertyType) && option.PropertyType != typeof(ResiliencePipeline);
}

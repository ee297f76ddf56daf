namespace ImageApi.Client.FrameworkSmoke;

/// <summary>What an application does to the handlers that its requests go through.</summary>
[Flags]
internal enum HandlerBehaviors
{
    None = 0,

    /// <summary>One reads the body before it is sent.</summary>
    ReadsBodies = 1,

    /// <summary>The platform's follows redirects, as it does unless it is told otherwise.</summary>
    FollowsRedirects = 2,

    /// <summary>The platform's is the one over HttpWebRequest: the only one that .NET Framework has, while Mono uses another unless it is told so.</summary>
    WebRequest = 4,
}

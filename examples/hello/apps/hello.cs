using System;
using System.Threading.Tasks;
using CallFlow;
using TCX.Configuration;
using TCX.PBXAPI;

namespace dummy
{
    /// <summary>
    /// Greets the caller and rings the reception. When nobody answers the call goes to the operator of the PBX.
    /// </summary>
    public class Hello : ScriptBase<Hello>
    {
        private const string Reception = "100";

        public override async void Start()
        {
            try
            {
                var pbx = MyCall.PS as PhoneSystem;
                MyCall.SetDefaultRoute(pbx.GetParameterValue("OPERATOR"), "Nobody at the reception");

                await MyCall.AssureMedia();
                await MyCall.PlayPrompt(null, new[] { "PLSHOLD" }, PlayPromptOptions.Blocked);
                await MyCall.RouteToAsync(new RouteRequest
                {
                    RouteTarget = new DestinationStruct(pbx.GetDNByNumber(Reception)),
                    TimeOut = TimeSpan.FromSeconds(20),
                });
                MyCall.Return(true);
            }
            catch (Exception error)
            {
                MyCall.Info($"The reception was not reached: {error.Message}");
                MyCall.Return(false);
            }
        }
    }
}

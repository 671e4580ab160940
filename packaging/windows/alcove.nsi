; Alcove's installer for one person: no administrator is asked. packaging/windows/build_installer.py
; writes files.nsh (what is installed, file by file) and types.nsh, and gives these:
;   VERSION, NUMBERS (as 1.2.3.0), OUT, ICON, MADE (the folder of both); TARGET on other systems than
;   Windows; SIGN, a command that signs the file named after it.
; What belongs to the person (%LOCALAPPDATA%\alcove) is touched by nothing in here.

Unicode true
!ifdef TARGET
    Target "${TARGET}"
!endif
!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!addincludedir "${MADE}"

Name "Alcove"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Alcove"
InstallDirRegKey HKCU "Software\Alcove" "InstallDir"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
BrandingText " "

VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "Alcove"
VIAddVersionKey "FileDescription" "Alcove Setup"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "The Alcove authors; MIT licence"

; Where the person's own is, for who uninstalls.
Var Data

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Alcove"
!define CLASSES "Software\Classes"
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\alcove.exe"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "Alcove is removed from this computer. Your chats, documents' text, \
settings and models stay in $Data: delete that folder if you want none of it back."

!define MUI_PAGE_CUSTOMFUNCTION_LEAVE LeaveFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!ifdef SIGN
    !finalize '${SIGN} "%1"'
    !uninstfinalize '${SIGN} "%1"'
!endif

!macro Refuse WORDS
    MessageBox MB_OK|MB_ICONEXCLAMATION "${WORDS}" /SD IDOK
    SetErrorLevel 2
    Quit
!macroend

; A program that runs cannot be replaced, and an update in part would be worse than none.
!macro StopIfRuns PROGRAM
    ${If} ${FileExists} "$INSTDIR\${PROGRAM}"
        ClearErrors
        FileOpen $0 "$INSTDIR\${PROGRAM}" a
        ${If} ${Errors}
            !insertmacro Refuse "Alcove is running. Quit it (also in the tray, and its commands in \
terminals), and start this again."
        ${EndIf}
        FileClose $0
    ${EndIf}
!macroend

!macro StopIfRunning
    !insertmacro StopIfRuns "alcove.exe"
    !insertmacro StopIfRuns "alcove-terminal.exe"
!macroend

; Whether $INSTDIR has an uninstall.exe of another program, which is neither run nor written over: 1
; or 0 in $0.
!macro IsAnothers
    StrCpy $0 0
    ReadRegStr $1 HKCU "Software\Alcove" "InstallDir"
    ${If} ${FileExists} "$INSTDIR\uninstall.exe"
    ${AndIfNot} ${FileExists} "$INSTDIR\alcove.exe"
    ${AndIf} $1 != $INSTDIR
        StrCpy $0 1
    ${EndIf}
!macroend
!define ANOTHERS "This folder is another program's. Choose another folder for Alcove."

!macro TellExplorer
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

; A kind of file that Alcove opens. Windows offers it; what was chosen before stays chosen.
!macro OpensWith EXTENSION KIND
    WriteRegNone HKCU "${CLASSES}\.${EXTENSION}\OpenWithProgids" "${KIND}"
    WriteRegStr HKCU "${CLASSES}\Applications\alcove.exe\SupportedTypes" ".${EXTENSION}" ""
!macroend

!macro Summarizes EXTENSION
    !define KEY "${CLASSES}\SystemFileAssociations\.${EXTENSION}\shell\Alcove.Summarize"
    WriteRegStr HKCU "${KEY}" "" "Summarize with Alcove"
    WriteRegStr HKCU "${KEY}" "Icon" '"$INSTDIR\alcove.exe",0'
    WriteRegStr HKCU "${KEY}\command" "" '"$INSTDIR\alcove.exe" --summarize "%1"'
    !undef KEY
!macroend

!macro Forgets EXTENSION KIND
    DeleteRegValue HKCU "${CLASSES}\.${EXTENSION}\OpenWithProgids" "${KIND}"
    DeleteRegKey /ifempty HKCU "${CLASSES}\.${EXTENSION}\OpenWithProgids"
    DeleteRegKey /ifempty HKCU "${CLASSES}\.${EXTENSION}"
    DeleteRegKey HKCU "${CLASSES}\SystemFileAssociations\.${EXTENSION}\shell\Alcove.Summarize"
    DeleteRegKey /ifempty HKCU "${CLASSES}\SystemFileAssociations\.${EXTENSION}\shell"
    DeleteRegKey /ifempty HKCU "${CLASSES}\SystemFileAssociations\.${EXTENSION}"
!macroend

!macro Kind KIND TITLE
    WriteRegStr HKCU "${CLASSES}\${KIND}" "" "${TITLE}"
    WriteRegStr HKCU "${CLASSES}\${KIND}" "FriendlyTypeName" "${TITLE}"
    WriteRegStr HKCU "${CLASSES}\${KIND}\DefaultIcon" "" '"$INSTDIR\alcove.exe",0'
    WriteRegStr HKCU "${CLASSES}\${KIND}\shell\open" "FriendlyAppName" "Alcove"
    WriteRegStr HKCU "${CLASSES}\${KIND}\shell\open" "" "Open with Alcove"
    WriteRegStr HKCU "${CLASSES}\${KIND}\shell\open\command" "" '"$INSTDIR\alcove.exe" "%1"'
!macroend

!include "files.nsh"
!include "types.nsh"

Function .onInit
    SetRegView 64
    !insertmacro StopIfRunning
FunctionEnd

Function LeaveFolder
    !insertmacro IsAnothers
    ${If} $0 = 1
        MessageBox MB_OK|MB_ICONEXCLAMATION "${ANOTHERS}"
        Abort ; stays on the page
    ${EndIf}
FunctionEnd

Section "Alcove"
    ; The folder may be another one than at the start, and Alcove was started in the meantime.
    !insertmacro IsAnothers
    ${If} $0 = 1
        !insertmacro Refuse "${ANOTHERS}"
    ${EndIf}
    !insertmacro StopIfRunning
    ; Of an earlier version only what the person put there is to stay.
    ${If} ${FileExists} "$INSTDIR\uninstall.exe"
        ClearErrors
        ExecWait '"$INSTDIR\uninstall.exe" /S /UPDATE _?=$INSTDIR' $0
        ${If} ${Errors}
        ${OrIf} $0 <> 0
            !insertmacro Refuse "The Alcove that is here could not be removed, and nothing was \
installed. Restart the computer, and start this again."
        ${EndIf}
    ${EndIf}
    !insertmacro Files
    SetOutPath "$INSTDIR"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\Alcove.lnk" "$INSTDIR\alcove.exe"

    WriteRegStr HKCU "Software\Alcove" "InstallDir" "$INSTDIR"
    WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\alcove.exe" "" \
        "$INSTDIR\alcove.exe"
    WriteRegStr HKCU "${CLASSES}\Applications\alcove.exe" "FriendlyAppName" "Alcove"
    WriteRegStr HKCU "${CLASSES}\Applications\alcove.exe\shell\open\command" "" \
        '"$INSTDIR\alcove.exe" "%1"'
    !insertmacro Types
    !insertmacro TellExplorer

    WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Alcove"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\alcove.exe,0"
    WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Alcove authors"
    WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    IntFmt $0 "0x%08X" $0
    WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"
SectionEnd

Function un.onInit
    SetRegView 64
    StrCpy $Data "$LOCALAPPDATA\alcove"
    ${If} ${FileExists} "$INSTDIR\portable"
        StrCpy $Data "$INSTDIR\alcove-data"
    ${EndIf}
    !insertmacro StopIfRunning
FunctionEnd

Section "Uninstall"
    !insertmacro NoTypes
    DeleteRegKey HKCU "${CLASSES}\Applications\alcove.exe"
    DeleteRegKey HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\alcove.exe"
    DeleteRegKey HKCU "${UNINSTALL}"
    DeleteRegKey HKCU "Software\Alcove"
    ; "Start with the computer" is a wish of the person's: an update is no reason to forget it.
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/UPDATE" $1
    ${If} ${Errors}
        DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Alcove"
    ${EndIf}
    Delete "$SMPROGRAMS\Alcove.lnk"
    Delete "$INSTDIR\uninstall.exe"
    ; File by file, and only folders that are empty: whatever else lies there is somebody's.
    SetOutPath "$TEMP"
    !insertmacro NoFiles
    RMDir "$INSTDIR"
    !insertmacro TellExplorer
    DetailPrint "Your chats, documents' text, settings and models are in $Data."
SectionEnd

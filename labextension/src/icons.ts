import { LabIcon } from '@jupyterlab/ui-components';
import functionSvg from '../style/icons/function.svg';
import panelSvg from '../style/icons/panel.svg';

/** The panel's tab: lines of a list, one of them running. */
export const panelIcon = new LabIcon({ name: 'mlrun-nb:panel', svgstr: panelSvg });

/** A cell that is run as a function. */
export const functionIcon = new LabIcon({ name: 'mlrun-nb:function', svgstr: functionSvg });
